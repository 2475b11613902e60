import { isDay } from '../day.ts';
import { defineKind, error, type KindFinding, type Parsed } from '../kind.ts';

/** A calendar day, stored as `2026-11-21`. `validate.min` and `max` are days or `today`. */
export default defineKind({
  kind: 'date',
  title: { zh: '日期', en: 'Date' },
  check(value, field, { today }): KindFinding[] {
    const day = value as string;
    if (!isDay(day)) return [error('date', `「${day}」不是日期。按 ${today} 的样子填写`, `"${day}" is not a date`)];
    const bound = (limit: string | number | undefined) => (limit === 'today' ? today : limit);
    const min = bound(field.validate?.min);
    const max = bound(field.validate?.max);
    if (typeof min === 'string' && day < min)
      return [error('too-early', `「${day}」太早，不能早于 ${min}`, `Not before ${min}`)];
    if (typeof max === 'string' && day > max)
      return [error('too-late', `「${day}」太晚，不能晚于 ${max}`, `Not after ${max}`)];
    return [];
  },
  parse(text): Parsed {
    const match =
      /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
    const day = match && `${match[1]}-${match[2].padStart(2, '0')}-${match[3].padStart(2, '0')}`;
    if (day && isDay(day)) return { value: day };
    return { zh: `「${text}」不是日期。按 2026-11-21 的样子填写`, en: `"${text}" is not a date; write 2026-11-21` };
  },
  format: (value) => String(value),
  jsonSchema: () => ({ type: 'string', maxLength: 40 }),
});
