import { dayNumber, dayText, weekdayOf, yearOf } from '../../../contracts/days.ts';

/** One loaded year: what differs from Monday to Friday. `off:元旦` is a day off, `work:春节` a make-up working day. */
export interface CalendarYear {
  year: number;
  /** Made before the State Council's notice; due dates that rest on it carry the mark and are computed again. */
  provisional: boolean;
  days: Record<string, string>;
}

/** The year that would have to be loaded: `calendar 2028`. */
export interface Unknown {
  unknown: string;
}

/** Which days are working days, as of one state of the calendar. Days are numbers of `contracts/days.ts` or texts. */
export interface WorkingDays {
  /** Rises with every loaded year. */
  generation: number;
  kindOf(day: number): 'work' | 'off' | 'unknown';
  provisional(day: number): boolean;
  isWorkingDay(day: string): boolean | Unknown;
  /** The n-th working day after `day`, for n < 0 before it; `day` itself isn't counted (Civil Code 201). */
  addWorkingDays(day: string, n: number): { day: string } | Unknown;
  /** Working days after `from` up to `to`, negative where `to` lies before. */
  workingDaysBetween(from: string, to: string): number | Unknown;
}

export const unknownYear = (day: number): Unknown => ({ unknown: `calendar ${yearOf(day)}` });

/** Reads loaded years; a day of any other year is unknown, never guessed from its weekday. */
export function createWorkingDays(years: CalendarYear[], generation = 0): WorkingDays {
  const kinds = new Map<number, 'work' | 'off'>();
  const provisional = new Set<number>();
  for (const year of years) {
    for (let day = dayNumber(`${year.year}-01-01`); yearOf(day) === year.year; day++) {
      kinds.set(day, weekdayOf(day) % 6 === 0 ? 'off' : 'work');
      if (year.provisional) provisional.add(day);
    }
    for (const [day, what] of Object.entries(year.days))
      kinds.set(dayNumber(day), what.startsWith('work') ? 'work' : 'off');
  }
  const kindOf = (day: number) => kinds.get(day) ?? 'unknown';

  return {
    generation,
    kindOf,
    provisional: (day) => provisional.has(day),

    isWorkingDay(text) {
      const day = dayNumber(text);
      const kind = kindOf(day);
      return kind === 'unknown' ? unknownYear(day) : kind === 'work';
    },

    addWorkingDays(text, n) {
      const step = Math.sign(n);
      let day = dayNumber(text);
      for (let left = Math.abs(n); left > 0;) {
        day += step;
        const kind = kindOf(day);
        if (kind === 'unknown') return unknownYear(day);
        if (kind === 'work') left -= 1;
      }
      return { day: dayText(day) };
    },

    workingDaysBetween(from, to) {
      const [first, last] = [dayNumber(from), dayNumber(to)].sort((a, b) => a - b);
      let count = 0;
      for (let day = first + 1; day <= last; day++) {
        const kind = kindOf(day);
        if (kind === 'unknown') return unknownYear(day);
        if (kind === 'work') count += 1;
      }
      return first === last ? 0 : from < to ? count : -count;
    },
  };
}
