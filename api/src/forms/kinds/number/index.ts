import { unitOf } from '../../../../../contracts/forms/index.ts';
import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'number',
  sheet: {
    width: 12,
    hint: (field) =>
      `${field.decimalDigits ? `数字，小数最多 ${field.decimalDigits} 位` : '整数'}${unitOf(field) ? `，单位${unitOf(field)}` : ''}`,
    cell: (value) => value as number,
  },
});
