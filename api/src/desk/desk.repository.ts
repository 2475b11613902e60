/**
 * Counts of open tasks over the group rows of offices: each count ends at its cap, so that a province with a million
 * tasks costs no more than a county. A task offered to several roles of an office counts once.
 */
import type { Knex } from 'knex';
import type { DeskOffice } from '../../../contracts/api/index.ts';

/** A row of the desk: an office alone, or with all below it. */
export interface Place {
  code: string;
  name: string;
  below: boolean;
}

export type Load = Pick<DeskOffice, 'open' | 'stopped' | 'overdue' | 'people'>;

export const CAPS = { open: 5000, overdue: 999, due: 300 };
/** Rows of the desk; a province has some ten cities, a county at most some dozens of posts that matter. */
const MOST_PLACES = 40;
const MOST_PEOPLE = 200;

/** Group rows of the places; only those that any task stands in. */
const GROUPS = `
  grp as materialized (
    select p.code, p.below, g.grp from unnest(?::text[], ?::boolean[]) as p(code, below) cross join role r,
      lateral (select r.id || '@' || p.code || case when p.below then '*' else '' end as grp) g
    where exists (select from task_group t where t.grp = g.grp))`;

const found = (condition: string, cap: number) => `
  (select distinct task_id from (
     select t.task_id from grp g, lateral (
       select task_id from task_group where grp = g.grp and ${condition} limit ${cap}) t
     where g.code = p.code and g.below = p.below limit ${cap}) found)`;
const countOf = (condition: string, cap: number) => `(select count(*)::int from ${found(condition, cap)} counted)`;
/** Of the open tasks that are counted those of a case that waits, as the law has it. */
const STOPPED = `
  (select count(*)::int from ${found('true', CAPS.open)} counted join task k on k.id = counted.task_id
   where exists (select from clock c where c.case_id = k.case_id and c.state = 'stopped'))`;

export function createDeskRepository(db: Knex) {
  const given = (places: Place[]) => [places.map(({ code }) => code), places.map(({ below }) => below)];

  return {
    /** Each of the roots alone, then the offices directly below them. */
    async places(roots: string[]): Promise<Place[]> {
      const { rows } = await db.raw(
        `select code, short_name as name, false as below from office where code = any(?)
         union all select code, short_name, true from office where parent = any(?) order by code, below limit ?`,
        [roots, roots, MOST_PLACES],
      );
      return rows;
    },

    async load(places: Place[], today: string): Promise<Load[]> {
      const { rows } = await db.raw(
        `with ${GROUPS}
         select ${countOf('true', CAPS.open)} as open, ${STOPPED} as stopped,
           ${countOf('due_on < ?::date', CAPS.overdue)} as overdue,
           (select count(*)::int from person s where s.left_at is null and s.kind = 'staff' and case when p.below
              then exists (select from office_ancestor a where a.office = s.office and a.ancestor = p.code)
              else s.office = p.code end) as people
         from unnest(?::text[], ?::boolean[]) with ordinality as p(code, below, at) order by p.at`,
        [...given(places), today, ...given(places)],
      );
      return rows;
    },

    /** For each place and day, in their order. */
    async due(places: Place[], days: string[]): Promise<number[][]> {
      const { rows } = await db.raw(
        `with ${GROUPS}
         select (select array_agg(${countOf('due_on = d.day', CAPS.due)} order by d.at)
                 from unnest(?::date[]) with ordinality as d(day, at)) as due
         from unnest(?::text[], ?::boolean[]) with ordinality as p(code, below, at) order by p.at`,
        [...given(places), days, ...given(places)],
      );
      return rows.map((row: { due: number[] | null }) => row.due ?? []);
    },

    /** Open tasks of the roots and below that are over, the longest first. */
    async overdue(roots: string[], today: string, limit: number): Promise<string[]> {
      const { rows } = await db.raw(
        `select distinct k.due_on, k.task_id from unnest(?::text[]) as root(code) cross join role r,
           lateral (select due_on, task_id from task_group t where t.grp = r.id || '@' || root.code || '*' and t.due_on < ?::date
                    order by due_on, task_id limit ?) k
         order by k.due_on, k.task_id limit ?`,
        [roots, today, limit, limit],
      );
      return rows.map((row: { task_id: string }) => row.task_id);
    },

    /** People of an office and what they hold, who has most first. */
    async people(office: string, today: string) {
      const { rows } = await db.raw(
        `select p.id, p.name, count(t.id)::int as open, (count(t.id) filter (where t.due_on < ?::date))::int as overdue
         from person p left join task t on t.holder = p.id and t.ended_at is null
         where p.office = ? and p.left_at is null and p.kind = 'staff'
         group by p.id, p.name order by 3 desc, p.name limit ?`,
        [today, office, MOST_PEOPLE],
      );
      return rows;
    },
  };
}
