import { checkText, defineKind, textSchema } from '../kind.ts';

/** One line of text. */
export default defineKind({
  kind: 'text',
  title: { zh: '单行文字', en: 'Text' },
  check: (value, field) => checkText(value as string, field),
  parse: (text) => ({ value: text.replace(/\s*[\r\n]+\s*/g, ' ') }),
  format: (value) => String(value),
  jsonSchema: () => textSchema(2000),
});
