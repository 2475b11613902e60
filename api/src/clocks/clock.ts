/** A clock of a case with what happened to it. */
import type { ClockEvent, ClockState } from './compute.ts';

/** An event with what a lawyer asks about it. */
export interface LegalEvent extends ClockEvent {
  reason: string | null;
  basis: string | null;
  step: string | null;
  visit: number | null;
}

/** One clock of a case with all its events in the order of recording. */
export interface Clock {
  id: string;
  title: string;
  basis: string | null;
  limit: string;
  declared: { warn?: number[]; escalate?: number; deemed?: { outcome: string; at: 'due' | 'start' } };
  events: LegalEvent[];
}

/** Null before the first start. */
export function stateOf({ events }: Clock): ClockState | null {
  const last = events
    .filter(({ kind }) => kind !== 'extend')
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .at(-1);
  if (!last) return null;
  return last.kind === 'end' ? 'ended' : last.kind === 'stop' ? 'stopped' : 'running';
}
