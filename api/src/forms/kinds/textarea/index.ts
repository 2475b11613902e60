import { defineServerKind, upTo } from '../kind.ts';

export default defineServerKind({
  kind: 'textarea',
  sheet: { width: 40, hint: (field) => upTo(field, 20_000) },
});
