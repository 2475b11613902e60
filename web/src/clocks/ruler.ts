import type { ClockView } from '../api/index.ts';

export type RulerClock = Pick<ClockView, 'id' | 'title' | 'state' | 'used' | 'total' | 'dueOn' | 'unknown' | 'ruler'>;
export type ClockColour = 'over' | 'soon' | 'watch' | 'run' | 'hold' | 'void';

/** A run of equal days on the ruler: used, stopped (not counted), free, over. `weight` is its share of the width. */
export interface Segment {
  kind: 'u' | 's' | 'f' | 'o';
  days: number;
  weight: number;
}

/** Working days left of a clock that runs; null when it doesn't run or its end is not known. */
export function leftOf(clock: RulerClock): number | null {
  return clock.state === 'running' && !clock.unknown ? clock.total - clock.used : null;
}

/** Of the clocks that aren't ended the first, and of the others the two that end next or are over. */
export function headOf<C extends RulerClock>(clocks: C[]): C[] {
  const [first, ...rest] = clocks.filter((clock) => clock.state !== 'ended');
  const urgent = rest.toSorted((a, b) => (leftOf(a) ?? Infinity) - (leftOf(b) ?? Infinity) || 0).slice(0, 2);
  return first ? [first, ...rest.filter((clock) => urgent.includes(clock))] : [];
}

export function colourOf(clock: RulerClock): ClockColour {
  if (clock.state === 'stopped') return 'hold';
  if (clock.state === 'ended') return clock.used > clock.total ? 'over' : 'void';
  const left = clock.total - clock.used;
  if (left < 0) return 'over';
  if (left === 0) return 'soon';
  return left <= 3 ? 'watch' : 'run';
}

/**
 * The ruler doesn't get longer by days over the limit, and a long stop takes no more than a third of it. A ruler
 * without entries is drawn from the counts alone.
 */
export function segmentsOf(clock: RulerClock): Segment[] {
  const days = clock.ruler || 'u'.repeat(clock.used) + 'f'.repeat(Math.max(0, clock.total - clock.used));
  if (clock.used > clock.total) return [{ kind: 'o', days: clock.total, weight: clock.total }];
  const longest = Math.max(1, Math.round(clock.total / 3));
  return (days.match(/(.)\1*/g) ?? []).map((run) => ({
    kind: run[0] as Segment['kind'],
    days: run.length,
    weight: run[0] === 's' ? Math.min(run.length, longest) : run.length,
  }));
}
