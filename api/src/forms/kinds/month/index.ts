import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'month',
  sheet: { width: 11, hint: () => '年月，如 1985-03' },
});
