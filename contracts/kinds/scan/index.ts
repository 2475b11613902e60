import { checkText, defineKind, textSchema } from '../kind.ts';

/** The text of a QR code or bar code, scanned or typed. */
export default defineKind({
  kind: 'scan',
  title: { zh: '扫码', en: 'Scan' },
  check: (value, field) => checkText(value as string, field),
  parse: (text) => ({ value: text.replace(/[\r\n\t]+/g, ' ').trim() }),
  format: (value) => String(value),
  jsonSchema: () => textSchema(2000),
});
