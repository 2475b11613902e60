import { defineServerKind, upTo } from '../kind.ts';

export default defineServerKind({
  kind: 'rich-text',
  sheet: { width: 60, hint: (field) => `${upTo(field, 5000)}，一段一行，不带格式` },
});
