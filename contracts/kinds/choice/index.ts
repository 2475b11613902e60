import type { Field } from '../../forms/schema.ts';
import { labelOf, readOption } from '../options.ts';
import { defineKind, error, type Parsed } from '../kind.ts';

const all = (field: Field) => (field.values ?? []).map((o) => o.label).join('、');

/** One of the field's options; the option's value is stored. */
export default defineKind({
  kind: 'choice',
  title: { zh: '单选', en: 'Choice' },
  check: (value, field) =>
    field.values?.some((o) => o.value === value)
      ? []
      : [
          error(
            'choice',
            `「${String(value)}」不在可选项里。从 ${all(field)} 中选`,
            `"${String(value)}" is not offered`,
          ),
        ],
  parse(text, field): Parsed {
    const option = readOption(text, field.values);
    if (option) return { value: option.value };
    return { zh: `「${text}」不在可选项里。填 ${all(field)} 之一`, en: `"${text}" is not one of the options` };
  },
  format: (value, field, lang) => labelOf(value, field.values, lang),
  jsonSchema: () => ({ type: 'string', maxLength: 200 }),
});
