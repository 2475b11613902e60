import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'date',
  store: { column: 'date', readAs: 'text' },
  print: (value) => (value as string).replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日'),
  sheet: { width: 13, hint: () => '日期，如 2026-11-21' },
});
