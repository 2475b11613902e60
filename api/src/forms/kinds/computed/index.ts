import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'computed',
  store: { column: 'jsonb', readAs: 'jsonb' },
  sheet: { width: 14, hint: () => '自动计算，不用填' },
});
