/** Cases that a person may see, newest first. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { CasePage, ClockView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Core, Who } from '../core/index.ts';
import { groupsOf, invalidInput } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { findsWords } from '../search/index.ts';
import { mayAct } from '../tasks/index.ts';
import { resultTitle } from '../../../contracts/flow.ts';

export interface CaseQuery {
  q?: string;
  state?: 'running' | 'closed';
  flow?: string;
  /** Cases with an open task that is offered to the reader. */
  todo?: 'mine';
  /** Entry of a register that the cases are about. */
  subject?: string;
  after?: string;
  limit: number;
}

export interface CaseListDeps {
  release(id: string): Promise<Release>;
  caseScope(who: Who): (query: Knex.QueryBuilder) => void;
  clocks: { views(caseIds: string[]): Promise<Map<string, ClockView[]>> };
}

export function createCaseList(
  core: Core,
  deps: CaseListDeps,
): (who: Who, query: CaseQuery) => Promise<z.infer<typeof CasePage>> {
  const { db } = core;
  return async (who, { q, state, flow, todo, subject, after, limit }) => {
    const query = db('case as c')
      .select('c.*')
      .orderBy([
        { column: 'c.received_at', order: 'desc' },
        { column: 'c.id', order: 'desc' },
      ]);
    query.modify(deps.caseScope(who)).limit(limit + 1);
    if (flow) query.where('c.flow', flow);
    if (subject) query.where('c.subject_id', subject);
    if (todo)
      query.whereExists(
        db('task as t')
          .join('task_group as g', 'g.task_id', 't.id')
          .whereRaw('t.case_id = c.id')
          .whereNull('t.ended_at')
          .whereIn('g.grp', groupsOf(who)),
      );
    if (state === 'closed') query.where('c.state', 'closed');
    if (state === 'running') query.whereNot('c.state', 'closed');
    const words = findsWords(q, { indexed: true });
    query.whereRaw(words.sql, words.values);
    if (after) {
      const [at, id] = after.split('~');
      if (!at || !id || Number.isNaN(Date.parse(at)))
        throw invalidInput({
          fields: [{ path: 'after', zh: '翻页位置不对，从头再看', en: 'Not a place in this list; start again' }],
        });
      query.whereRaw('(c.received_at, c.id) < (?::timestamptz, ?::uuid)', [at, id]);
    }
    const found: CaseRow[] = await query;
    const page = found.slice(0, limit);
    const ids = page.map((c) => c.id);
    const [clocks, tasks] = await Promise.all([deps.clocks.views(ids), openTasks(ids)]);
    const rows = await Promise.all(
      page.map(async (c) => {
        const release = await deps.release(c.release_id);
        const own = tasks.filter((t) => t.case_id === c.id);
        const todo = own.find((t) => mayAct(who, c, t.groups));
        const due = (clocks.get(c.id) ?? []).filter((k) => k.state === 'running' && k.dueOn).map((k) => k.dueOn!);
        return {
          id: c.id,
          number: c.number,
          flow: c.flow,
          flowTitle: release.package.flow.title.zh,
          title: c.title,
          subjectName: c.subject_name,
          state: c.state,
          result: c.result,
          resultTitle: resultTitle(release, c.result),
          stage: c.stage,
          steps: own.map((t) => t.name),
          receivedAt: c.received_at.toISOString(),
          closedAt: c.closed_at?.toISOString() ?? null,
          dueOn: due.sort()[0] ?? null,
          todo: todo ? { taskId: todo.id, stepName: todo.name } : null,
        };
      }),
    );
    const last = found.length > limit ? page.at(-1)! : null;
    return { rows, next: last ? `${last.received_at.toISOString()}~${last.id}` : null };
  };

  async function openTasks(ids: string[]): Promise<{ id: string; case_id: string; name: string; groups: string[] }[]> {
    return db('task as t')
      .leftJoin('task_group as g', 'g.task_id', 't.id')
      .whereIn('t.case_id', ids)
      .whereNull('t.ended_at')
      .groupBy('t.id')
      .select('t.id', 't.case_id', 't.name', db.raw(`array_remove(array_agg(g.grp), null) as groups`));
  }
}
