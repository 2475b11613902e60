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
  /** Only these tasks. */
  among?: string[];
}

/** No limit, for a statement that is planned for one: it reads no further than it is asked. */
const EVERY = 2 ** 31 - 1;
/** Groups are counted in steps of so many, see `filled`. */
const SHARED = 4;
const GROUP_COLUMNS = 'g.task_id, g.case_id, g.flow, g.step, g.division, g.due_on, g.entered_at, g.rank';
const TASK_COLUMNS = `t.id as task_id, t.case_id, c.flow, t.step, coalesce(c.division, c.office) as division, coalesce(t.due_on, 'infinity') as due_on,
  coalesce(t.arrived_at, t.entered_at) as entered_at, 100 - c.priority as rank`;

/** Where a person's tasks come from: rows with the columns of a group row and `for_person`, one source per group. */
function sourcesOf({ who, view, among }: Sources): Piece[] {
  const keep = (row: 't' | 'g'): Piece =>
    among ? { sql: `${row === 't' ? 't.id' : 'g.task_id'} = any(?)`, values: [among] } : none;
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
    return [held(who.personId, keep('t')), sent];
  }
  return [
    held(who.personId, keep('t')),
    asked(who.personId, keep('t')),
    ...offered(groupsOf(who), keep('g')),
    ...(who.standsIn ?? []).flatMap((one) => {
      const { id } = one.person;
      const both = (row: 't' | 'g') => and(keep(row), within(row === 't' ? 'c' : 'g', one));
      return [held(id, both('t'), id), asked(id, both('t'), id), ...offered(one.groups, both('g'), id)];
    }),
  ];
}

/**
 * The first `limit` tasks of a person within a range, each once. Every source is read in order from its index and no
 * further than needed: without an order and a limit of its own it would be read whole. Belongs into a statement that
 * begins with `away`, the cases that each person stays away from; they are left out of what is merged, since each source
 * would look through all of them for itself.
 * @param columns those that the caller asks for; the usual order needs no others than its index has
 */
export function merged(of: Sources, range: Piece, sorted: Sorted, columns: string, limit: number): Piece {
  const kept = notAway(of.who.personId);
  const each = sourcesOf(of).map(({ sql, values }) => ({
    sql: `(select ${columns} from (${sql}) s where ${range.sql} order by ${sorted.order} limit ?)`,
    values: [...values, ...range.values, EVERY],
  }));
  const all = `select * from (${each.map(({ sql }) => sql).join(' union all ')}) a order by ${sorted.order} limit ?`;
  return {
    sql: `select distinct on (${sorted.columns}) * from (select * from (${all}) n where ${kept.sql}) u order by ${sorted.order} limit ?`,
    values: [...each.flatMap(({ values }) => values), EVERY, ...kept.values, limit],
  };
}

/** Neither the reader nor whom the row's reader stands in for stays away from the case. */
const notAway = (reader: string): Piece => ({
  sql: `case_id not in (select case_id from away where person_id = ?)
    and (for_person is null or (for_person, case_id) not in (select person_id, case_id from away))`,
  values: [reader],
});

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

/** A condition on a row of `merged`, named `k`. */
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
