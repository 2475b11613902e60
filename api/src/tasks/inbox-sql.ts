/** The tasks that a person sees as SQL, and what is asked of them. */
import type { ListFilter } from '../../../contracts/api/index.ts';
import type { StandIn, Who } from '../core/index.ts';
import { groupsOf } from '../core/index.ts';
import { and, between, equal, findsWords, inDivision, none, type Piece } from '../search/index.ts';

/** An order of the list, as SQL. */
export interface Sorted {
  columns: string;
  order: string;
}

export interface Sources {
  who: Who;
  view: 'open' | 'mine';
  /** Who stays away from cases; they stand in `away`. */
  avoiding: string[];
  /** Only these tasks. */
  among?: string[];
}

/** Groups are counted in steps of so many, see `filled`. */
const SHARED = 8;
const GROUP_COLUMNS = 'g.task_id, g.case_id, g.flow, g.step, g.division, g.due_on, g.entered_at, g.rank';
const TASK_COLUMNS = `t.id as task_id, t.case_id, c.flow, t.step, coalesce(c.division, c.office) as division, coalesce(t.due_on, 'infinity') as due_on,
  coalesce(t.arrived_at, t.entered_at) as entered_at, 100 - c.priority as rank`;

/**
 * Where a person's tasks come from: rows with the columns of a group row and `for_person`, one source per group. They
 * belong into a statement that begins with `away`, the cases that each person stays away from.
 */
export function sourcesOf({ who, view, avoiding, among }: Sources): Piece[] {
  const keep = (row: 't' | 'g', ...people: string[]): Piece =>
    and(
      people.some((person) => avoiding.includes(person))
        ? { sql: `${row}.case_id not in (select case_id from away where person_id = any(?))`, values: [people] }
        : none,
      among ? { sql: `${row === 't' ? 't.id' : 'g.task_id'} = any(?)`, values: [among] } : none,
    );
  const held = (holder: string, more: Piece, as: string | null = null): Piece => ({
    sql: `select ${TASK_COLUMNS}, ?::uuid as for_person from task t join "case" c on c.id = t.case_id
      where t.holder = ? and t.ended_at is null and t.state = 'open' and ${more.sql}`,
    values: [as, holder, ...more.values],
  });
  const offered = (groups: string[], more: Piece, as: string | null = null): Piece[] => {
    const from = (sql: string, grp: string | string[]): Piece => ({
      sql: `select ${GROUP_COLUMNS}, ?::uuid as for_person from task_group g where ${sql} and g.free and ${more.sql}`,
      values: [as, grp, ...more.values],
    });
    // Few tasks are found by their ids; all of a group's come in order from its index.
    return among ? [from('g.grp = any(?)', groups)] : filled(uncovered(groups)).map((grp) => from('g.grp = ?', grp));
  };

  const asked = (person: string, more: Piece, as: string | null = null): Piece => ({
    sql: `select ${TASK_COLUMNS}, ?::uuid as for_person
      from added_sign s join task t on t.id = s.task_id join "case" c on c.id = t.case_id
      where s.person_id = ? and s.state = 'open' and t.ended_at is null and t.state = 'open' and ${more.sql}`,
    values: [as, person, ...more.values],
  });

  if (view === 'mine') {
    const sent: Piece = {
      sql: `select ${TASK_COLUMNS}, null::uuid as for_person
        from batch b join batch_item i on i.batch_id = b.id and i.state = 'held'
          join task t on t.id = i.task_id join "case" c on c.id = t.case_id
        where b.person_id = ? and b.state in ('holding', 'held', 'sending')`,
      values: [who.personId],
    };
    return [held(who.personId, keep('t', who.personId)), sent];
  }
  return [
    held(who.personId, keep('t', who.personId)),
    asked(who.personId, keep('t', who.personId)),
    ...offered(groupsOf(who), keep('g', who.personId)),
    ...(who.standsIn ?? []).flatMap((one) => {
      const { id } = one.person;
      const both = (row: 't' | 'g') => and(keep(row, who.personId, id), within(row === 't' ? 'c' : 'g', one));
      return [held(id, both('t'), id), asked(id, both('t'), id), ...offered(one.groups, both('g'), id)];
    }),
  ];
}

/**
 * The first `limit` rows of all sources within a range, each task once. Every source is read in order from its index and
 * no further than needed: without an order and a limit of its own it would be read whole.
 * @param columns those that the caller asks for; the usual order needs no others than its index has
 */
export function merged(sources: Piece[], range: Piece, sorted: Sorted, columns: string, limit: number): Piece {
  const each = sources.map(({ sql, values }) => ({
    sql: `(select ${columns} from (${sql}) s where ${range.sql} order by ${sorted.order} limit ?)`,
    values: [...values, ...range.values, limit],
  }));
  return {
    sql: `select distinct on (${sorted.columns}) * from (${each.map(({ sql }) => sql).join(' union all ')}) u
      order by ${sorted.order} limit ?`,
    values: [...each.flatMap(({ values }) => values), limit],
  };
}

/** With groups of nobody, so that people with about as many groups share a statement, which is planned once. */
function filled(groups: string[]): string[] {
  const missing = Math.ceil(groups.length / SHARED) * SHARED - groups.length;
  return [...groups, ...Array<string>(missing).fill('')];
}

/** Without the groups whose tasks another one of the same role has too. */
function uncovered(groups: string[]): string[] {
  const trees = groups.filter((group) => group.endsWith('*'));
  const covers = (tree: string, group: string) => tree !== group && group.startsWith(tree.slice(0, -1));
  return [...new Set(groups)].filter((group) => !trees.some((tree) => covers(tree, group)));
}

function within(row: 'c' | 'g', { flows, divisions }: StandIn): Piece {
  const division = row === 'c' ? 'coalesce(c.division, c.office)' : 'g.division';
  return and(
    flows ? { sql: `${row}.flow = any(?)`, values: [flows] } : none,
    divisions ? { sql: `${division} like any(?)`, values: [divisions.map((code) => `${code}%`)] } : none,
  );
}

/** A condition on a row of `sourcesOf`, named `k`. */
export function fitting({ q, flow, step, division, from, to }: ListFilter): Piece {
  const words = findsWords(q, { indexed: false });
  return and(
    equal('flow', flow),
    equal('step', step),
    inDivision('division', division),
    between('entered_at', { from, to }),
    words === none
      ? none
      : { sql: `exists (select from "case" c where c.id = k.case_id and ${words.sql})`, values: words.values },
  );
}
