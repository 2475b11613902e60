import { dayNumber, dayText, weekdayOf } from '../../../contracts/days.ts';
import { invalidInput, type FieldProblem } from '../core/index.ts';

/** 《全国年节及纪念日放假办法》(2024), Art 2: within which days of a year how many are off at least. */
const STATUTORY = [
  { zh: '元旦', en: 'New Year', from: '01-01', to: '01-01', days: 1 },
  { zh: '春节', en: 'Spring Festival', from: '01-20', to: '02-24', days: 4 },
  { zh: '清明节', en: 'Tomb-Sweeping Day', from: '04-04', to: '04-06', days: 1 },
  { zh: '劳动节', en: 'Labour Day', from: '05-01', to: '05-02', days: 2 },
  { zh: '端午节', en: 'Dragon Boat Festival', from: '05-27', to: '06-26', days: 1 },
  { zh: '中秋节', en: 'Mid-Autumn Festival', from: '09-07', to: '10-08', days: 1 },
  { zh: '国庆节', en: 'National Day', from: '10-01', to: '10-03', days: 3 },
];

/** Days whose date follows the moon or the sun; they cannot be computed from the year. */
const FESTIVALS: Record<number, Record<string, string>> = {
  2027: {
    '02-05': '春节',
    '02-06': '春节',
    '02-07': '春节',
    '02-08': '春节',
    '04-05': '清明节',
    '06-09': '端午节',
    '09-15': '中秋节',
  },
};
const FIXED = {
  '01-01': '元旦',
  '05-01': '劳动节',
  '05-02': '劳动节',
  '10-01': '国庆节',
  '10-02': '国庆节',
  '10-03': '国庆节',
};

/**
 * The days of a year before the State Council's notice is out: weekends and statutory days, without exchanged days.
 * Good for provisional due dates only.
 */
export function draftYear(year: number): Record<string, string> {
  const days = { ...FIXED, ...FESTIVALS[year] };
  return Object.fromEntries(
    Object.entries(days)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([day, name]) => [`${year}-${day}`, `off:${name}`]),
  );
}

/**
 * Checks the days of a whole year: dates of this year, `off:<name>` or `work:<name>`, make-up days on weekends only,
 * and, unless provisional, all statutory days.
 * @throws Problem `invalid` with every fault, fields `days/<date>`
 */
export function checkYear(year: number, days: Record<string, string>, provisional: boolean): void {
  const fields = Object.entries(days).flatMap(([day, what]) => dayFaults(year, day, what));
  if (fields.length === 0 && !provisional) fields.push(...missingDays(year, days));
  if (fields.length > 0) throw invalidInput({ fields });
}

function dayFaults(year: number, day: string, what: string): FieldProblem[] {
  const fault = (zh: string, en: string) => [{ path: `days/${day}`, zh, en }];
  let number: number;
  try {
    number = dayNumber(day);
  } catch {
    return fault('不是日历上的日期，应写成 2027-02-05', 'Not a date; write it as 2027-02-05');
  }
  if (!day.startsWith(`${year}-`)) return fault(`不在 ${year} 年内`, `Not in ${year}`);
  if (!/^(off|work):./.test(what))
    return fault('应写成 off:节日名（放假）或 work:节日名（上班）', 'Write off:<name> or work:<name>');
  if (what.startsWith('work') && weekdayOf(number) % 6 !== 0)
    return fault('周一至周五本来上班，补班日应在周六或周日', 'Already a working day; make-up days are on weekends');
  return [];
}

function missingDays(year: number, days: Record<string, string>): FieldProblem[] {
  return STATUTORY.filter(
    ({ from, to, days: least }) => listedOff(days, `${year}-${from}`, `${year}-${to}`) < least,
  ).map((day) => ({
    path: `days/${year}-${day.from}`,
    zh: `缺少${day.zh}假期；全年放假安排应一次录齐`,
    en: `${day.en} is missing; load the whole year at once`,
  }));
}

function listedOff(days: Record<string, string>, from: string, to: string): number {
  let count = 0;
  for (let day = dayNumber(from); day <= dayNumber(to); day++) if (days[dayText(day)]?.startsWith('off')) count += 1;
  return count;
}
