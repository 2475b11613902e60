import { unitOf } from '../../../../../contracts/forms/index.ts';
import { fenPerUnit } from '../../../../../contracts/kinds/money/index.ts';
import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'money',
  sheet: {
    width: 16,
    hint: (field) => `数字，单位${unitOf(field) ?? '元'}，精确到分`,
    cell: (value, field) => (value as number) / fenPerUnit(field),
  },
});
