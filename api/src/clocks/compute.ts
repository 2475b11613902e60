import { dayNumber, dayText } from '../../../contracts/days.ts';
import { calendarDays, parseLimit } from '../../../contracts/limits.ts';
import { unknownYear, type WorkingDays } from '../calendar/index.ts';
import { shanghaiDay, startOfDay } from '../core/index.ts';

export type ClockState = 'running' | 'stopped' | 'ended';

export interface ClockEvent {
  kind: 'start' | 'stop' | 'resume' | 'end' | 'extend';
  /** The legal moment; it may lie before that of an event which was recorded earlier. */
  at: Date;
  /** Of `extend`: by how much, in the unit of the clock's limit. */
  limit?: string;
}

/** Where a clock stands at the end of a day. */
export interface Reading {
  state: ClockState;
  /** What `used`, `total`, `notCounted` and the ruler count: working days, or days of the calendar. */
  unit: 'WD' | 'D';
  /** Days that count, the day in progress included. */
  used: number;
  total: number;
  /** Days between start and today on which the clock stood. */
  notCounted: number;
  /** Each time that it stood for some day, or still stands (`until` null), with the days that are not counted. */
  stops: { at: Date; until: Date | null; days: number }[];
  /** Last day of the limit; it ends at 24:00. Null while the clock stands, or where it is unknown. */
  dueOn: string | null;
  /** The year that has to be loaded first: `calendar 2028`. */
  unknown: string | null;
  /** Some day that matters lies in a provisional year. */
  provisional: boolean;
  /** One letter per day: u used, s stopped, f still free, o over. */
  ruler: string;
}

/**
 * Reads a clock. A day counts exactly when the clock was running at its 00:00 in Shanghai, so that a start, stop,
 * resume or end acts from the next day on (Civil Code 201); what happens at 00:00 sharp belongs to the day before, as
 * a limit ends at 24:00. Limits in days, weeks, months and years that end on a day off end on the next working day
 * (Civil Code 203).
 *
 * @param events in the order of recording, from the last `start` on; at least that one. A `resume` after an `end` goes on
 * @param today  `2026-11-19`; later events are taken as made
 * @throws RangeError without a start, or for a limit that cannot be read
 */
export function compute(events: ClockEvent[], limit: string, calendar: WorkingDays, today: string): Reading {
  const sorted = [...events].sort((a, b) => a.at.getTime() - b.at.getTime());
  const started = sorted.findLastIndex(({ kind }) => kind === 'start');
  if (started < 0) throw new RangeError('a clock without a start');
  const life = sorted.slice(started);

  const first = countsFrom(life[0].at);
  // An end may have a legal moment before what was recorded earlier; what was recorded after it has undone it.
  const latest = events.findLast(({ kind }) => kind !== 'extend');
  const ended = latest?.kind === 'end' ? latest : undefined;
  const turns = life
    .filter((event) => event.kind !== 'extend' && event !== ended)
    .map(({ kind, at }) => ({ at, day: countsFrom(at), running: kind === 'start' || kind === 'resume', stood: 0 }));
  const runsAtLast = turns.at(-1)!.running;
  const lastTurn = turns.at(-1)!.day;
  const turnOf = (day: number) => turns.findLast((turn) => turn.day <= day);
  const runs = (day: number) => turnOf(day)?.running ?? false;

  const inWorkingDays = parseLimit(limit).unit === 'WD';
  let provisional = false;
  const kindOf = (day: number) => {
    provisional ||= calendar.provisional(day);
    return calendar.kindOf(day);
  };
  /** Whether a day is one that the limit is measured in. */
  const measured = (day: number) => (inWorkingDays ? kindOf(day) : 'work');

  let total = totalOf(life, limit, first - 1);
  let unknown: string | null = null;
  const nominal = nthDay();
  const due = nominal === null || inWorkingDays ? nominal : workingDayFrom(nominal);
  if (due !== null && nominal !== null) total += due - nominal;

  const until = Math.min(dayNumber(today), ended ? countsFrom(ended.at) - 1 : Infinity);
  let used = 0;
  let notCounted = 0;
  let ruler = '';
  for (let day = first; day <= until; day++) {
    const kind = measured(day);
    if (kind === 'unknown') {
      unknown ??= unknownYear(day).unknown;
      break;
    }
    if (kind === 'off') continue;
    const turn = turnOf(day)!;
    if (turn.running) used += 1;
    else {
      notCounted += 1;
      turn.stood += 1;
    }
    ruler += !turn.running ? 's' : used > total ? 'o' : 'u';
  }
  if (!ended) ruler += 'f'.repeat(Math.max(0, total - used));

  return {
    state: ended ? 'ended' : runsAtLast ? 'running' : 'stopped',
    unit: inWorkingDays ? 'WD' : 'D',
    used,
    total,
    notCounted,
    stops: turns
      .map(({ at, running, stood: days }, i) => ({ at, running, days, until: turns[i + 1]?.at ?? ended?.at ?? null }))
      .filter(({ running, days, until }) => !running && (days > 0 || until === null))
      .map(({ at, days, until }) => ({ at, until, days })),
    dueOn: due === null ? null : dayText(due),
    unknown,
    provisional,
    ruler,
  };

  /** The day on which the limit is used up, null while the clock stands or where a year is missing. */
  function nthDay(): number | null {
    let counted = 0;
    for (let day = first; ; day++) {
      if (day >= lastTurn && !runsAtLast) return null;
      const kind = measured(day);
      if (kind === 'unknown') {
        unknown = unknownYear(day).unknown;
        return null;
      }
      if (kind === 'work' && runs(day)) counted += 1;
      if (counted === total) return day;
    }
  }

  function workingDayFrom(start: number): number | null {
    for (let day = start; ; day++) {
      const kind = kindOf(day);
      if (kind === 'work') return day;
      if (kind === 'unknown') {
        unknown = unknownYear(day).unknown;
        return null;
      }
    }
  }
}

/** The first day at whose 00:00 something that happened at this moment is in effect. */
function countsFrom(at: Date): number {
  const day = dayNumber(shanghaiDay(at));
  return startOfDay(dayText(day)).getTime() === at.getTime() ? day : day + 1;
}

function totalOf(life: ClockEvent[], limit: string, start: number): number {
  const parts = [limit, ...life.flatMap((event) => (event.kind === 'extend' && event.limit ? [event.limit] : []))];
  let total = 0;
  for (const part of parts.map(parseLimit)) {
    if ((part.unit === 'WD') !== (parseLimit(limit).unit === 'WD'))
      throw new RangeError(`${limit} cannot be extended by ${part.count}${part.unit}`);
    total += part.unit === 'WD' ? part.count : calendarDays(part, start + total);
  }
  return total;
}
