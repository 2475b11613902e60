/**
 * Lists of tasks over the person's group rows: one row per task and group, never the engine's task query (ENGINE.md 15).
 * A task offered to several of my groups appears once. Keyset paging by (last day, task id).
 */
import type { Knex } from 'knex';
import type { Core, Who } from '../core/index.ts';
import { groupsOf, invalidInput } from '../core/index.ts';
import type { Exclusions } from '../rights/index.ts';

export interface InboxQuery {
  view: 'open' | 'mine';
  q?: string;
  flow?: string;
  step?: string;
  due?: 'overdue' | 'today' | 'soon' | 'later' | 'none';
  after?: string;
  limit: number;
}

export interface InboxItem {
  task_id: string;
  case_id: string;
  step: string;
  step_name: string;
  state: 'open' | 'deciding' | 'blocked' | 'held';
  holder: string | null;
  holder_name: string | null;
  arrived_at: Date;
  due_on: string | null;
  visit: number | null;
  number: string;
  flow: string;
  release_id: string;
  title: string;
  subject_name: string;
  stage: string | null;
  division_name: string | null;
}

/** Days as the lists need them: today and the last day of "soon" (three working days ahead). */
export interface InboxDays {
  today: string;
  soon: string;
}

export const COUNT_CAP = 999;

export interface Inbox {
  page(who: Who, query: InboxQuery, days: InboxDays): Promise<{ items: InboxItem[]; next: string | null }>;
  counts(
    who: Who,
    days: InboxDays,
  ): Promise<{ open: number; overdue: number; today: number; soon: number; capped: boolean; places: InboxPlace[] }>;
}

/** Where open tasks stand. */
export interface InboxPlace {
  flow: string;
  step: string;
  /** One of the releases that they belong to. */
  release_id: string;
  count: number;
}

const DUE = `coalesce(g.due_on, 'infinity'::date)`;

type Avoided = Awaited<ReturnType<Exclusions['avoidedBy']>>;

export function createInbox(core: Core, deps: { exclusions: Pick<Exclusions, 'avoidedBy'> }): Inbox {
  const { db } = core;

  /** The tasks that a person sees, once each, in order; filters that need the case are joined by the caller. */
  function keys(
    who: Who,
    query: Pick<InboxQuery, 'view' | 'due' | 'after'>,
    days: InboxDays,
    filter: { sql: string; values: Knex.Value[] },
    limit: number,
    avoided: Avoided,
  ): Knex.Raw {
    const groups = groupsOf(who);
    const from = query.after ? keyset(query.after) : null;
    const conditions = [
      dueCondition(query.due),
      from ? `(${DUE}, g.task_id) > (?::date, ?)` : 'true',
      `t.state = 'open'`,
      avoided.subjects.length > 0 ? '(c.subject_id is null or c.subject_id <> all(?::uuid[]))' : 'true',
      avoided.starters.length > 0 ? 'c.starter <> all(?::uuid[])' : 'true',
      query.view === 'mine' ? 't.holder = ?' : '(t.holder is null or t.holder = ?)',
    ];
    const values: Knex.Value[] = [
      ...dueValues(query.due, days),
      ...(from ?? []),
      ...(avoided.subjects.length > 0 ? [avoided.subjects] : []),
      ...(avoided.starters.length > 0 ? [avoided.starters] : []),
      who.personId,
    ];
    return db.raw(
      `select distinct on (k.due, k.task_id) k.due, k.task_id from unnest(?::text[]) as mine(grp) cross join lateral (
         select ${DUE} as due, g.task_id from task_group g join task t on t.id = g.task_id join "case" c on c.id = t.case_id
         where g.grp = mine.grp and ${conditions.join(' and ')} ${filter.sql}
         order by ${DUE}, g.task_id limit ?) k
       order by k.due, k.task_id limit ?`,
      [groups, ...values, ...filter.values, limit, limit],
    );
  }

  return {
    async page(who, query, days) {
      const filter = caseFilter(query);
      const avoided = await deps.exclusions.avoidedBy(who.personId);
      const { rows } = await keys(who, query, days, filter, query.limit + 1, avoided);
      const ids: string[] = rows.slice(0, query.limit).map((r: { task_id: string }) => r.task_id);
      const items: InboxItem[] = await db('task as t')
        .join('case as c', 'c.id', 't.case_id')
        .leftJoin('person as p', 'p.id', 't.holder')
        .leftJoin('division as d', 'd.code', 'c.division')
        .whereIn('t.id', ids)
        .select(
          't.id as task_id',
          'c.id as case_id',
          't.step',
          't.name as step_name',
          't.state',
          't.holder',
          'p.name as holder_name',
          't.visit',
          'c.number',
          'c.flow',
          'c.release_id',
          'c.title',
          'c.subject_name',
          'c.stage',
          'd.name as division_name',
        )
        .select(db.raw('coalesce(t.arrived_at, t.entered_at) as arrived_at'), db.raw('t.due_on::text as due_on'));
      items.sort((a, b) => ids.indexOf(a.task_id) - ids.indexOf(b.task_id));
      const last = rows.length > query.limit ? rows[query.limit - 1] : null;
      return { items, next: last ? `${dateText(last.due)}~${last.task_id}` : null };
    },

    async counts(who, days) {
      const avoided = await deps.exclusions.avoidedBy(who.personId);
      const tasks = async (due?: InboxQuery['due']): Promise<string[]> =>
        (
          await keys(who, { view: 'open', ...(due && { due }) }, days, { sql: '', values: [] }, COUNT_CAP + 1, avoided)
        ).rows.map((row: { task_id: string }) => row.task_id);
      const [open, overdue, today, soon] = await Promise.all([
        tasks(),
        tasks('overdue'),
        tasks('today'),
        tasks('soon'),
      ]);
      const cap = (found: string[]) => Math.min(found.length, COUNT_CAP);
      return {
        open: cap(open),
        overdue: cap(overdue),
        today: cap(today),
        soon: cap(soon),
        capped: open.length > COUNT_CAP,
        places: await places(open.slice(0, COUNT_CAP)),
      };
    },
  };

  async function places(tasks: string[]): Promise<InboxPlace[]> {
    return db('task as t')
      .join('case as c', 'c.id', 't.case_id')
      .whereIn('t.id', tasks)
      .groupBy('c.flow', 't.step')
      .select('c.flow', 't.step', db.raw('max(c.release_id::text) as release_id'), db.raw('count(*)::int as count'));
  }
}

function caseFilter(query: InboxQuery): { sql: string; values: Knex.Value[] } {
  const sql: string[] = [];
  const values: Knex.Value[] = [];
  if (query.flow) {
    sql.push('and c.flow = ?');
    values.push(query.flow);
  }
  if (query.step) {
    sql.push('and t.step = ?');
    values.push(query.step);
  }
  if (query.q) {
    sql.push('and (c.number ilike ? or c.subject_name ilike ? or c.title ilike ?)');
    const like = `%${query.q.replace(/[\\%_]/g, (x) => `\\${x}`)}%`;
    values.push(like, like, like);
  }
  return { sql: sql.join(' '), values };
}

function dueCondition(due: InboxQuery['due']): string {
  switch (due) {
    case 'overdue':
      return 'g.due_on < ?::date';
    case 'today':
      return 'g.due_on = ?::date';
    case 'soon':
      return '(g.due_on > ?::date and g.due_on <= ?::date)';
    case 'later':
      return 'g.due_on > ?::date';
    case 'none':
      return 'g.due_on is null';
    default:
      return 'true';
  }
}

function dueValues(due: InboxQuery['due'], days: InboxDays): string[] {
  if (due === 'overdue' || due === 'today') return [days.today];
  if (due === 'soon') return [days.today, days.soon];
  return due === 'later' ? [days.soon] : [];
}

function dateText(due: unknown): string {
  return due instanceof Date ? due.toISOString().slice(0, 10) : String(due).toLowerCase();
}

function keyset(after: string): [string, string] {
  const match = /^(infinity|\d{4}-\d{2}-\d{2})~(.+)$/.exec(after);
  if (!match)
    throw invalidInput({
      fields: [{ path: 'after', zh: '翻页位置不对，从头再看', en: 'Not a place in this list; start again' }],
    });
  return [match[1]!, match[2]!];
}
