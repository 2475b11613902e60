import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'date-range',
  sheet: { width: 26, hint: () => '起止日期，如 2026-01-01 至 2026-12-31' },
});
