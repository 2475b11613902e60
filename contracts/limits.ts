/** Limits as flows write them: `P20WD` working days, `P30D` days, `P2W` weeks, `P3M` months, `P6Y` years. */
import { addMonths } from './days.ts';

export interface Limit {
  count: number;
  unit: 'WD' | 'D' | 'W' | 'M' | 'Y';
}

const LIMIT = /^P([1-9]\d{0,3})(WD|D|W|M|Y)$/;
const ZH: Record<Limit['unit'], string> = { WD: '个工作日', D: '日', W: '周', M: '个月', Y: '年' };
const EN: Record<Limit['unit'], string> = { WD: 'working day', D: 'day', W: 'week', M: 'month', Y: 'year' };

/** @throws RangeError where the text is no limit */
export function parseLimit(text: string): Limit {
  const found = LIMIT.exec(text);
  if (!found) throw new RangeError(`no limit: ${text}; write for example P20WD, P30D, P2W, P3M or P6Y`);
  return { count: Number(found[1]), unit: found[2] as Limit['unit'] };
}

export function limitText(limit: Limit): { zh: string; en: string } {
  const many = limit.count === 1 ? '' : 's';
  return { zh: `${limit.count}${ZH[limit.unit]}`, en: `${limit.count} ${EN[limit.unit]}${many}` };
}

/** Days of the calendar from `start` (not counted, Civil Code 201) to the corresponding last day. Not for working days. */
export function calendarDays(limit: Limit, start: number): number {
  switch (limit.unit) {
    case 'D':
      return limit.count;
    case 'W':
      return limit.count * 7;
    case 'M':
      return addMonths(start, limit.count) - start;
    case 'Y':
      return addMonths(start, limit.count * 12) - start;
    case 'WD':
      throw new RangeError('working days are counted, not added');
  }
}

/** Days of the calendar from the corresponding earlier day to `end`. Not for working days. */
export function daysBefore({ count, unit }: Limit, end: number): number {
  if (unit === 'M' || unit === 'Y') return end - addMonths(end, unit === 'Y' ? -count * 12 : -count);
  return calendarDays({ count, unit }, end);
}
