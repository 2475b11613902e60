import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'date',
  sheet: { width: 13, hint: () => '日期，如 2026-11-21' },
});
