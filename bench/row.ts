/** One figure that the product has to reach. */
import type { Kit } from './kit.ts';

export interface Row {
  id: string;
  /** What is measured, in Chinese: the table is read by people who run the product. */
  title: string;
  /** Milliseconds that the figure may take at most. */
  limit: number;
  /** The middle one of all runs, or the one that 95 of 100 runs stay below. */
  figure: 'median' | 'p95';
  measure(kit: Kit): Promise<Measured>;
}

/** Milliseconds per run. The two series are taken in turn, so that what else the machine does falls on both. */
export interface Measured {
  ours: number[];
  /** What the figure is compared with in the same run, such as the engine alone. */
  beside?: { title: string; times: number[] };
}

export interface Result {
  id: string;
  title: string;
  figure: Row['figure'];
  ms: number;
  limit: number;
  runs: number;
  /** How often the other one goes into ours; below 1 ours is the quicker. */
  ratio?: { to: string; ms: number; value: number };
  reached: boolean;
}

export function resultOf(row: Row, { ours, beside }: Measured): Result {
  const ms = quantile(ours, row.figure);
  const other = beside && quantile(beside.times, row.figure);
  return {
    id: row.id,
    title: row.title,
    figure: row.figure,
    ms,
    limit: row.limit,
    runs: ours.length,
    ...(beside && other !== undefined && { ratio: { to: beside.title, ms: other, value: ms / other } }),
    reached: ms <= row.limit,
  };
}

/** @param times at least one */
export function quantile(times: number[], figure: Row['figure']): number {
  const sorted = [...times].sort((a, b) => a - b);
  const at = figure === 'median' ? 0.5 : 0.95;
  return sorted[Math.min(sorted.length - 1, Math.ceil(at * sorted.length) - 1)]!;
}

/** Runs `ours` and `beside` in turn, after one unmeasured round of both. */
export async function inTurn(
  runs: number,
  ours: (run: number) => Promise<unknown>,
  beside?: { title: string; run: (run: number) => Promise<unknown> },
): Promise<Measured> {
  const times: number[] = [];
  const others: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const a = await timed(() => ours(run));
    const b = beside && (await timed(() => beside.run(run)));
    if (run === 0) continue;
    times.push(a);
    if (b !== undefined) others.push(b);
  }
  return { ours: times, ...(beside && { beside: { title: beside.title, times: others } }) };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}
