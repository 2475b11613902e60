/**
 * Lists of tasks over the person's group rows, never the engine's task query (ENGINE.md 15). Each group is one index in
 * the order of the list; the groups are merged, and a task offered to several of them appears once. Conditions that no
 * index serves are asked of the first `SCANNED` tasks; an answer that ended there says so and where to go on.
 */
import { createHash } from 'node:crypto';
import type { ListFilter } from '../../../contracts/api/index.ts';
import type { Core, Who } from '../core/index.ts';
import { groupsOf } from '../core/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { and, caseWords, dueWithin, none, type ListDays, type Piece } from '../search/index.ts';
import { orderOf, type InboxSort } from './inbox-order.ts';
import { fitting, merged } from './inbox-sql.ts';

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

export interface Inbox {
  /** `capped`: the search ended before the list did; `next` goes on there. */
  page(
    who: Who,
    query: InboxQuery,
    days: ListDays,
  ): Promise<{ items: InboxItem[]; next: string | null; capped: boolean }>;
  counts(who: Who, days: ListDays): Promise<InboxNumbers>;
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
  async function ask<Row>(who: Who, { sql, values }: Piece, { usual }: { usual: boolean }): Promise<Row[]> {
    const away = deps.exclusions.avoidedBy(peopleOf(who));
    const text = `with away as materialized (${away.sql}) ${sql}`;
    const asked = db.raw(text, [...away.values, ...values]);
    if (usual) void asked.options({ name: createHash('sha256').update(text).digest('hex').slice(0, 32) });
    return (await asked).rows;
  }

  /** The list from one place on: up to `limit` that fit, or fewer and the one at which the search ended. */
  async function find(who: Who, query: InboxQuery, range: Piece, fits: Piece, among?: string[]): Promise<Found[]> {
    const sorted = orderOf(query.sort);
    const limit = query.limit + 1;
    const most = fits === none ? limit : SCANNED;
    const rank = query.sort === 'priority' ? ', rank' : '';
    const tasks = merged({ who, view: query.view, among }, range, sorted, COLUMNS + rank, most);
    return ask(
      who,
      {
        sql: `select k.place, k.for_person, k.fits, k.scanned = ? as last, ${SHOWN},
            k.for_person is null or exists (select from task_group g where g.task_id = t.id and g.grp = any(?)) as own,
            exists (select from added_sign s where s.task_id = t.id and s.person_id = any(?) and s.state = 'open') as sign
          from (
            select task_id, place, for_person, fits, scanned from (
              select k.*, ${sorted.place} as place, ${fits.sql} as fits,
                row_number() over (order by ${sorted.order}) as scanned
              from (${tasks.sql}) k
            ) k where fits or scanned = ? order by scanned limit ?
          ) k join task t on t.id = k.task_id join "case" c on c.id = t.case_id
            left join person p on p.id = t.holder left join division d on d.code = c.division
          order by k.scanned`,
        values: [most, groupsOf(who), peopleOf(who), ...fits.values, ...tasks.values, most, limit],
      },
      { usual: fits === none && range === none && !among },
    );
  }

  async function search(who: Who, query: InboxQuery, days: ListDays): Promise<{ found: Found[]; capped: boolean }> {
    const range = and(orderOf(query.sort).after(query.after), dueWithin('due_on', query.due, days));
    const look = async (asked: ListFilter, among?: string[]) => {
      const found = await find(who, query, range, fitting(asked), among);
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
    async page(who, query, days) {
      const { found, capped } = await search(who, query, days);
      const shown = found.filter(({ fits }) => fits).slice(0, query.limit);
      const last = capped ? found.at(-1) : found.length > query.limit ? shown.at(-1) : undefined;
      return { items: shown.map((one) => itemOf(who, one)), next: last?.place ?? null, capped };
    },

    async counts(who, days) {
      const first = (range: Piece, columns: string) =>
        merged({ who, view: 'open' }, range, orderOf('due'), columns, COUNT_CAP + 1);
      const all = first(none, COLUMNS);
      const overdue = dueWithin('due_on', 'overdue', days);
      // The tasks counted are the first by their last day, so that a part may lie beyond them.
      const part = (due: 'today' | 'soon'): Piece => {
        const range = dueWithin('due_on', due, days);
        const rest = first(range, 'case_id, due_on, task_id, for_person');
        return {
          sql: `case when count(*) <= ? then count(*) filter (where ${range.sql})
            else (select count(*) from (${rest.sql}) k) end`,
          values: [COUNT_CAP, ...range.values, ...rest.values],
        };
      };
      const [today, soon] = [part('today'), part('soon')];
      const [numbers] = await ask<InboxNumbers>(
        who,
        {
          sql: `, first as materialized (${all.sql})
            select count(*)::int as open, (count(*) filter (where ${overdue.sql}))::int as overdue,
              (${today.sql})::int as today, (${soon.sql})::int as soon,
              (select coalesce(json_agg(p), '[]') from (
                select f.flow, f.step, c.release_id, f.count from (
                  select flow, step, count(*) as count, (array_agg(case_id))[1] as case_id from first group by flow, step
                ) f join "case" c on c.id = f.case_id
              ) p) as places
            from first`,
          values: [...all.values, ...overdue.values, ...today.values, ...soon.values],
        },
        { usual: true },
      );
      return numbers!;
    },
  };
}

/** The person and whom they stand in for. */
const peopleOf = ({ personId, standsIn = [] }: Who): string[] => [personId, ...standsIn.map(({ person }) => person.id)];

function itemOf(who: Who, { place: _, fits: _fits, last: _last, for_person: absent, own, ...item }: Found): InboxItem {
  const standIn = own ? undefined : who.standsIn?.find(({ person }) => person.id === absent);
  return { ...item, for: standIn?.person ?? null };
}
