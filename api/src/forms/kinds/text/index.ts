import { defineServerKind, upTo } from '../kind.ts';

export default defineServerKind({
  kind: 'text',
  sheet: { width: 20, hint: (field) => upTo(field, 2000) },
});
