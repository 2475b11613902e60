import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'check-list',
  sheet: { width: 24, hint: (field) => `几项之间用顿号隔开：${(field.values ?? []).map((o) => o.label).join('、')}` },
});
