/**
 * Lists of tasks over the person's group rows, never the engine's task query (ENGINE.md 15). Each group is one index in
 * the order of the list; the groups are merged, and a task offered to several of them appears once. Conditions that no
 * index serves are asked of the first `SCANNED` tasks; an answer that ended there says so and where to go on.
 */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { ListFilter } from '../../../contracts/api/index.ts';
import type { Core, Who } from '../core/index.ts';
import { groupsOf } from '../core/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { and, caseWords, dueWithin, none, type ListDays, type Piece } from '../search/index.ts';
import { orderOf, type InboxSort } from './inbox-order.ts';
import { fitting, merged, sourcesOf } from './inbox-sql.ts';

export interface InboxQuery extends ListFilter {
  view: 'open' | 'mine';
  sort: InboxSort;
  after?: string;
  limit: number;
}

export interface InboxItem {
  task_id: string;
  case_id: string;
  step: string;
  step_name: string;
  state: 'open' | 'held';
  holder: string | null;
  holder_name: string | null;
  /** Whom one stands in for. */
  for: { id: string; name: string } | null;
  /** An opinion that the person, or whom one stands in for, was added for. */
  sign: boolean;
  arrived_at: Date;
  due_on: string | null;
  visit: number | null;
  number: string;
  flow: string;
  release_id: string;
  title: string;
  subject_name: string;
  stage: string | null;
  priority: number;
  division_name: string | null;
}

export const COUNT_CAP = 999;
/** Tasks of which a condition without an index is asked. */
const SCANNED = 10_000;
/** What a list is filtered by; its index has them. */
const COLUMNS = 'task_id, case_id, flow, step, division, due_on, entered_at, for_person';
/** What a row shows. */
const SHOWN = `t.id as task_id, c.id as case_id, t.step, t.name as step_name, t.state, t.holder, p.name as holder_name, t.visit,
  c.number, c.flow, c.release_id, c.title, c.subject_name, c.stage, c.priority, d.name as division_name, t.due_on,
  coalesce(t.arrived_at, t.entered_at) as arrived_at`;
/** Cases that a search looks through the tasks of. */
const FOUND = 2_000;

/** Who reads, with what is looked up once for a request. */
export interface Reader {
  who: Who;
  /** By person, of `who` and of whom they stand in for: the open cases to stay away from. */
  avoided: Map<string, string[]>;
}

export interface Inbox {
  readerOf(who: Who): Promise<Reader>;
  /** `capped`: the search ended before the list did; `next` goes on there. */
  page(
    reader: Reader,
    query: InboxQuery,
    days: ListDays,
  ): Promise<{ items: InboxItem[]; next: string | null; capped: boolean }>;
  counts(reader: Reader, days: ListDays): Promise<InboxNumbers>;
}

/** Exact up to `COUNT_CAP`; above, one more. */
export interface InboxNumbers {
  open: number;
  overdue: number;
  today: number;
  soon: number;
  places: InboxPlace[];
}

/** Where the first open tasks stand. */
export interface InboxPlace {
  flow: string;
  step: string;
  /** One of the releases that they belong to. */
  release_id: string;
  count: number;
}

export interface InboxDeps {
  exclusions: Pick<Exclusions, 'avoidedBy'>;
}

interface Found extends Omit<InboxItem, 'for'> {
  place: string;
  for_person: string | null;
  /** Also without standing in for somebody. */
  own: boolean;
  fits: boolean;
  /** The search ended here. */
  last: boolean;
}

export function createInbox(core: Core, deps: InboxDeps): Inbox {
  const { db } = core;

  /** Planning takes longer than reading: what is asked all day is planned once by each connection. */
  function ask(sql: string, values: Knex.Value[], usual = true): Knex.Raw {
    const asked = db.raw(sql, values);
    return usual ? asked.options({ name: createHash('sha256').update(sql).digest('hex').slice(0, 32) }) : asked;
  }

  /** The list from one place on: up to `limit` that fit, or fewer and the one at which the search ended. */
  async function find(
    { who, avoided }: Reader,
    query: InboxQuery,
    range: Piece,
    fits: Piece,
    among?: string[],
  ): Promise<Found[]> {
    const sorted = orderOf(query.sort);
    const limit = query.limit + 1;
    const most = fits === none ? limit : SCANNED;
    const rank = query.sort === 'priority' ? ', rank' : '';
    const tasks = merged(sourcesOf({ who, view: query.view, avoided, among }), range, sorted, COLUMNS + rank, most);
    const people = [who.personId, ...(who.standsIn ?? []).map(({ person }) => person.id)];
    const { rows } = await ask(
      `with k as materialized (
         select task_id, place, for_person, fits, scanned from (
           select k.*, ${sorted.place} as place, ${fits.sql} as fits,
             row_number() over (order by ${sorted.order}) as scanned
           from (${tasks.sql}) k
         ) k where fits or scanned = ? order by scanned limit ?)
       select k.place, k.for_person, k.fits, k.scanned = ? as last, ${SHOWN},
         k.for_person is null or exists (select from task_group g where g.task_id = t.id and g.grp = any(?)) as own,
         exists (select from added_sign s where s.task_id = t.id and s.person_id = any(?) and s.state = 'open') as sign
       from k join task t on t.id = k.task_id join "case" c on c.id = t.case_id
         left join person p on p.id = t.holder left join division d on d.code = c.division
       order by k.scanned`,
      [...fits.values, ...tasks.values, most, limit, most, groupsOf(who), people],
      fits === none && range === none && !among,
    );
    return rows;
  }

  async function search(
    reader: Reader,
    query: InboxQuery,
    days: ListDays,
  ): Promise<{ found: Found[]; capped: boolean }> {
    const range = and(orderOf(query.sort).after(query.after), dueWithin('due_on', query.due, days));
    const look = async (asked: ListFilter, among?: string[]) => {
      const found = await find(reader, query, range, fitting(asked), among);
      return { found, capped: found.length <= query.limit && found.at(-1)?.last === true };
    };
    const first = await look(query);
    const among = first.capped && query.q ? await tasksFound(query.q) : null;
    return among ? look({ ...query, q: undefined }, among) : first;
  }

  /** Open tasks of the cases that words find; null where these are too many to look through. */
  async function tasksFound(q: string): Promise<string[] | null> {
    const words = caseWords(q, { indexed: true });
    const { rows } = await db.raw(
      `with found as materialized (select c.id from "case" c where ${words.sql} and c.state <> 'closed' limit ?)
       select t.id, (select count(*) from found)::int as cases from found f join task t on t.case_id = f.id where t.ended_at is null`,
      [...words.values, FOUND + 1],
    );
    return rows[0]?.cases > FOUND ? null : rows.map(({ id }: { id: string }) => id);
  }

  return {
    async readerOf(who) {
      const people = [who.personId, ...(who.standsIn ?? []).map(({ person }) => person.id)];
      return { who, avoided: await deps.exclusions.avoidedBy(people) };
    },

    async page(reader, query, days) {
      const { found, capped } = await search(reader, query, days);
      const shown = found.filter(({ fits }) => fits).slice(0, query.limit);
      const last = capped ? found.at(-1) : found.length > query.limit ? shown.at(-1) : undefined;
      return { items: shown.map((one) => itemOf(reader.who, one)), next: last?.place ?? null, capped };
    },

    async counts({ who, avoided }, days) {
      const tasks = sourcesOf({ who, view: 'open', avoided });
      const counted = await places(tasks, days);
      const sum = (of: 'count' | 'overdue' | 'today' | 'soon') => counted.reduce((all, one) => all + one[of], 0);
      const open = sum('count');
      // The tasks counted are the first by their last day, so that a part may lie beyond them.
      const rest = async (due: 'today' | 'soon') =>
        open <= COUNT_CAP ? sum(due) : atMost(tasks, dueWithin('due_on', due, days));
      const [today, soon] = await Promise.all([rest('today'), rest('soon')]);
      return { open, overdue: sum('overdue'), today, soon, places: counted };
    },
  };

  /** The first tasks by their last day, one more than can be counted. */
  async function places(
    sources: Piece[],
    { today, soon }: ListDays,
  ): Promise<(InboxPlace & Record<'overdue' | 'today' | 'soon', number>)[]> {
    const tasks = merged(sources, none, orderOf('due'), COLUMNS, COUNT_CAP + 1);
    const { rows } = await ask(
      `select p.*, c.release_id from (
         select flow, step, count(*)::int as count, (array_agg(case_id))[1] as case_id,
           (count(*) filter (where due_on < ?::date))::int as overdue,
           (count(*) filter (where due_on = ?::date))::int as today,
           (count(*) filter (where due_on > ?::date and due_on <= ?::date))::int as soon
         from (${tasks.sql}) k group by flow, step
       ) p left join "case" c on c.id = p.case_id`,
      [today, today, today, soon, ...tasks.values],
    );
    return rows;
  }

  async function atMost(sources: Piece[], range: Piece): Promise<number> {
    const tasks = merged(sources, range, orderOf('due'), 'due_on, task_id', COUNT_CAP + 1);
    const { rows } = await ask(`select count(*)::int as count from (${tasks.sql}) k`, tasks.values);
    return rows[0].count;
  }
}

function itemOf(who: Who, { place: _, fits: _fits, last: _last, for_person: absent, own, ...item }: Found): InboxItem {
  const standIn = own ? undefined : who.standsIn?.find(({ person }) => person.id === absent);
  return { ...item, for: standIn?.person ?? null };
}
