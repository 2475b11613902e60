import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'choice',
  sheet: {
    width: 14,
    hint: (field) => `从列表选：${(field.values ?? []).map((o) => o.label).join('、')}`,
    list: (field) => (field.values ?? []).map((o) => o.label),
  },
});
