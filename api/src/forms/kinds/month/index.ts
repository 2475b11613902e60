import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'month',
  print: (value) => (value as string).replace(/^(\d+)-0?(\d+)$/, '$1年$2月'),
  sheet: { width: 11, hint: () => '年月，如 1985-03' },
});
