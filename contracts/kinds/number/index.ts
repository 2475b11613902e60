import { decimals, readNumber, checkBounds, withThousands } from '../decimal.ts';
import { defineKind, error } from '../kind.ts';

/** A number in the unit that the field names, with at most `decimalDigits` digits after the point. */
export default defineKind({
  kind: 'number',
  title: { zh: '数字', en: 'Number' },
  check(value, field) {
    const digits = field.decimalDigits ?? 0;
    const found = checkBounds(value as number, field);
    if (decimals(value as number) > digits)
      found.push(
        digits === 0
          ? error('whole', `「${String(value)}」要填整数`, `"${String(value)}": enter a whole number`)
          : error(
              'decimals',
              `「${String(value)}」小数最多 ${digits} 位`,
              `"${String(value)}": at most ${digits} decimals`,
            ),
      );
    return found;
  },
  parse: readNumber,
  format: (value) => withThousands(String(value)),
  jsonSchema: () => ({ type: 'number', minimum: -1e15, maximum: 1e15 }),
});
