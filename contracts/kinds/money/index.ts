import { checkBounds, decimals, readNumber, withThousands } from '../decimal.ts';
import { defineKind, type Parsed } from '../kind.ts';
import type { Field } from '../../forms/schema.ts';
import { unitOf } from '../../forms/walk.ts';

/** Fen in one unit of the field: yuan, or ten thousand yuan where it says 万元. */
export const fenPerUnit = (field: Field) => (unitOf(field) === '万元' ? 1_000_000 : 100);

const show = (fen: number, field: Field) => {
  const digits = fenPerUnit(field) === 100 ? 2 : 6;
  const text = (fen / fenPerUnit(field)).toFixed(digits);
  return withThousands(digits === 2 ? text : text.replace(/0{1,4}$/, ''));
};

/** Money in whole fen; typed and shown in the field's unit. */
export default defineKind({
  kind: 'money',
  title: { zh: '金额', en: 'Money' },
  check: (value, field) => checkBounds(value as number, field, (fen) => show(fen, field)),
  parse(text, field): Parsed {
    const read = readNumber(text, field);
    if (!('value' in read)) return read;
    const units = read.value as number;
    const digits = Math.log10(fenPerUnit(field));
    if (decimals(units) > digits)
      return { zh: `「${text}」精确到分，小数最多 ${digits} 位`, en: `"${text}": at most ${digits} decimals` };
    return { value: Math.round(units * fenPerUnit(field)) };
  },
  format: (value, field) => show(value as number, field),
  jsonSchema: () => ({ type: 'integer', minimum: -9e15, maximum: 9e15 }),
});
