import type { InboxRow } from '../api/index.ts';

type Outcome = InboxRow['batch']['outcomes'][number];

/** Something that may be done with `n` of the chosen tasks. */
export type BatchAct = { key: string; n: number } & ({ kind: 'decide'; outcome: Outcome } | { kind: 'transfer' });

/** What the steps of the chosen tasks offer for several at once: primary outcomes first, then what fits most tasks. */
export function actsOf(rows: InboxRow[]): BatchAct[] {
  const found = new Map<string, Extract<BatchAct, { kind: 'decide' }>>();
  for (const outcome of rows.flatMap(({ batch }) => batch.outcomes)) {
    const key = `${outcome.id} ${outcome.zh}`;
    const act = found.get(key);
    found.set(key, { key, kind: 'decide', outcome, n: (act?.n ?? 0) + 1 });
  }
  const outcomes = [...found.values()].sort(
    (a, b) => Number(b.outcome.primary) - Number(a.outcome.primary) || b.n - a.n,
  );
  const n = rows.filter(({ batch }) => batch.transfer).length;
  return n > 0 ? [...outcomes, { key: 'transfer', kind: 'transfer', n }] : outcomes;
}
