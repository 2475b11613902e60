/** The tasks that a person sees as one SQL source, and what is asked of them. */
import type { ListFilter } from '../../../contracts/api/index.ts';
import type { StandIn, Who } from '../core/index.ts';
import { groupsOf } from '../core/index.ts';
import { and, between, equal, findsWords, inDivision, none, type Piece } from '../search/index.ts';

export interface Sources {
  who: Who;
  view: 'open' | 'mine';
  /** Open tasks that the person stays away from. */
  avoided: string[];
  standIns: (StandIn & { avoided: string[] })[];
  /** Only these tasks. */
  among?: string[];
}

const GROUP_COLUMNS = 'g.task_id, g.case_id, g.flow, g.step, g.division, g.due_on, g.entered_at, g.rank';
const TASK_COLUMNS = `t.id as task_id, t.case_id, c.flow, t.step, coalesce(c.division, c.office) as division, coalesce(t.due_on, 'infinity') as due_on,
  coalesce(t.arrived_at, t.entered_at) as entered_at, 100 - c.priority as rank`;

/**
 * Rows of tasks with the columns of a group row and `for_person`. One branch per group: each comes from its index in
 * order, and the database merges them.
 */
export function sourcesOf({ who, view, avoided, standIns, among }: Sources): Piece {
  const keep = (column: string, away: string[]): Piece =>
    and(
      away.length > 0 ? { sql: `${column} <> all(?)`, values: [away] } : none,
      among ? { sql: `${column} = any(?)`, values: [among] } : none,
    );
  const held = (holder: string, states: string, more: Piece, as = 'null'): Piece => ({
    sql: `select ${TASK_COLUMNS}, ${as}::uuid as for_person from task t join "case" c on c.id = t.case_id
      where t.holder = ? and t.ended_at is null and t.state in (${states}) and ${more.sql}`,
    values: [holder, ...more.values],
  });
  const offered = (grp: string, more: Piece, as = 'null'): Piece => ({
    sql: `select ${GROUP_COLUMNS}, ${as}::uuid as for_person from task_group g where g.grp = ? and g.free and ${more.sql}`,
    values: [grp, ...more.values],
  });

  const asked = (person: string, more: Piece, as = 'null'): Piece => ({
    sql: `select ${TASK_COLUMNS}, ${as}::uuid as for_person
      from added_sign s join task t on t.id = s.task_id join "case" c on c.id = t.case_id
      where s.person_id = ? and s.state = 'open' and t.ended_at is null and t.state = 'open' and ${more.sql}`,
    values: [person, ...more.values],
  });

  if (view === 'mine') {
    const sent: Piece = {
      sql: `select ${TASK_COLUMNS}, null::uuid as for_person
        from decision d join task t on t.id = d.task_id join "case" c on c.id = t.case_id
        where d.person_id = ? and d.state = 'held'`,
      values: [who.personId],
    };
    return union([held(who.personId, `'open'`, keep('t.id', avoided)), sent]);
  }
  return union([
    held(who.personId, `'open'`, keep('t.id', avoided)),
    asked(who.personId, keep('t.id', avoided)),
    ...uncovered(groupsOf(who)).map((grp) => offered(grp, keep('g.task_id', avoided))),
    ...standIns.flatMap((one) => {
      const away = [...avoided, ...one.avoided];
      const id = `'${one.person.id}'`;
      return [
        held(one.person.id, `'open'`, and(keep('t.id', away), within('c', one)), id),
        asked(one.person.id, and(keep('t.id', away), within('c', one)), id),
        ...uncovered(one.groups).map((grp) => offered(grp, and(keep('g.task_id', away), within('g', one)), id)),
      ];
    }),
  ]);
}

function union(pieces: Piece[]): Piece {
  return {
    sql: pieces.map(({ sql }) => `(${sql})`).join(' union all '),
    values: pieces.flatMap(({ values }) => values),
  };
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
  const words = findsWords(q);
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
