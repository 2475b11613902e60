import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'computed',
  sheet: { width: 14, hint: () => '自动计算，不用填' },
});
