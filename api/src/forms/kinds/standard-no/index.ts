import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'standard-no',
  sheet: { width: 22, hint: () => '标准编号含年号，如 GB 5009.12-2023' },
});
