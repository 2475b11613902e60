import { checkText, defineKind, textSchema } from '../kind.ts';

/** Text of several lines. */
export default defineKind({
  kind: 'textarea',
  title: { zh: '多行文字', en: 'Long text' },
  check: (value, field) => checkText(value as string, field),
  parse: (text) => ({ value: text.replace(/\r\n?/g, '\n') }),
  format: (value) => String(value),
  jsonSchema: () => textSchema(20_000),
});
