/** Cases beside a case: those that it started or was started by, and others about the same subject. */
import type { CaseView } from '../../../contracts/api/index.ts';
import { resultTitle, type Release } from '../../../contracts/flow.ts';
import type { Core, Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { linkedTo } from './links.ts';

export interface RelatedDeps {
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

const MOST = 20;

/** Linked ones first, then the latest; only those that the reader may open. */
export async function relatedCases(
  { db }: Pick<Core, 'db'>,
  deps: RelatedDeps,
  who: Who,
  row: CaseRow,
): Promise<CaseView['related']> {
  const ids = [row.id, row.id];
  const rows: (CaseRow & { link: 'started' | 'starter' | null })[] = await db('case as c')
    .leftJoin('case_link as l', (on) =>
      on.on(db.raw('(l.case_id = ? and l.started = c.id) or (l.started = ? and l.case_id = c.id)', ids)),
    )
    .where((related) =>
      related
        .where({ 'c.subject_register': row.subject_register, 'c.subject_id': row.subject_id })
        .orWhereIn('c.id', linkedTo(db, row.id)),
    )
    .whereNot({ 'c.id': row.id })
    .select('c.*', db.raw(`case when l.case_id = ? then 'started' when l.started = ? then 'starter' end as link`, ids))
    .orderByRaw('l.case_id is null, c.received_at desc')
    .limit(MOST);
  const readable = await Promise.all(rows.map(async (one) => ((await deps.mayRead(who, one)) ? one : null)));
  return Promise.all(
    readable
      .filter((one) => one !== null)
      .map(async ({ id, number, title, state, result, stage, link, ...one }) => ({
        ...{ id, number, title, state, result, stage, link },
        resultTitle: resultTitle(await deps.release(one.release_id), result),
        receivedAt: one.received_at.toISOString(),
      })),
  );
}
