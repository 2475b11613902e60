/** Calendar days as text `2026-11-21` and as numbers (days since 1970-01-01), so that counting needs no dates. */

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Number of a day. @throws RangeError where the text is no day of the calendar, such as `2026-02-30` */
export function dayNumber(day: string): number {
  const number = Date.parse(`${day}T00:00:00Z`) / DAY_MS;
  if (!DAY.test(day) || !Number.isInteger(number) || dayText(number) !== day) throw new RangeError(`no day: ${day}`);
  return number;
}

export function dayText(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

export const yearOf = (number: number): number => new Date(number * DAY_MS).getUTCFullYear();

/** 0 Sunday … 6 Saturday. */
export const weekdayOf = (number: number): number => (((number + 4) % 7) + 7) % 7;

/** The corresponding day of a later month, else that month's last day (Civil Code 202). */
export function addMonths(number: number, months: number): number {
  const date = new Date(number * DAY_MS);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return first / DAY_MS + Math.min(date.getUTCDate(), last) - 1;
}
