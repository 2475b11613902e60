import { defineServerKind, upTo } from '../kind.ts';

export default defineServerKind({
  kind: 'scan',
  sheet: { width: 24, hint: (field) => `码的内容，${upTo(field, 2000)}` },
});
