import type { Knex } from 'knex';
import type { Grant, Who } from '../core/index.ts';
import { groupsOf } from '../core/index.ts';

/** The row of a task as the database has it. */
export interface TaskRow {
  id: string;
  case_id: string;
  step: string;
  name: string;
  entered_at: Date;
  ended_at: Date | null;
  end_reason: string | null;
  state: 'open' | 'deciding' | 'blocked' | 'held';
  visit: number | null;
  arrived_at: Date | null;
  due_on: string | null;
  holder: string | null;
  /** Who delegated it to the holder and will decide. */
  owner: string | null;
  seen_at: Date | null;
  version: number;
}

/** Whose rights are asked: a person's, or those of somebody absent. */
export type Taker = Pick<Who, 'personId' | 'grants' | 'institutions'>;

/** Whether one of the groups offers the task to this person for taking; reading alone (`tree` without `mayTake`) isn't enough. */
export function mayTake(who: Taker, groups: string[]): boolean {
  const held = new Set(groupsOf(who).filter((g) => !g.endsWith('*')));
  if (groups.some((g) => held.has(g))) return true;
  return who.grants.some(
    (g) =>
      g.reach === 'tree' &&
      (g.mayTake || groups.includes(`${g.role}@${g.office}`)) &&
      groups.includes(`${g.role}@${g.office}*`),
  );
}

/** Whether one exact group row, such as `cma.examine@52` or `person:…`, is this person's to act for. */
export function actsFor(who: Taker, group: string): boolean {
  const [kind, id] = group.split(':');
  if (kind === 'person') return id === who.personId;
  if (kind === 'institution') return who.institutions.some((institution) => institution.id === id);
  return grantOf(who, group) !== undefined;
}

/** The grant by which a person acts for a group, in whose role and office a decision is made. */
function grantOf(who: Taker, group: string): Grant | undefined {
  const [role, office = ''] = group.split('@');
  const held = who.grants.filter((grant) => grant.role === role);
  return (
    held.find((grant) => grant.office === office) ??
    held.find((grant) => grant.reach === 'tree' && grant.mayTake && office.startsWith(grant.office))
  );
}

/** The grant by which a person takes a task with these group rows; none for applicants. */
export function grantFor(who: Taker, groups: string[]): Grant | undefined {
  const exact = groups.filter((group) => !group.endsWith('*'));
  return exact.map((group) => grantOf(who, group)).find((grant) => grant !== undefined);
}

export async function groupsOfTask(db: Knex, taskId: string): Promise<string[]> {
  const rows = await db('task_group').where({ task_id: taskId }).select('grp');
  return rows.map((r) => r.grp);
}
