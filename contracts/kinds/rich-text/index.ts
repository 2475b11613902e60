import { checkText, defineKind, textSchema } from '../kind.ts';
import { fromPlain, plain } from './html.ts';

/** Text with paragraphs, lists, bold, italic and underlined words, kept as HTML of these tags; read as its words. */
export default defineKind({
  kind: 'rich-text',
  title: { zh: '格式文本', en: 'Rich text' },
  check: (value, field) => checkText(plain(value as string), field),
  parse: (text) => ({ value: fromPlain(text) }),
  format: (value) => plain(value as string),
  jsonSchema: () => textSchema(50_000),
});
