import type { Knex } from 'knex';
import type { Who } from '../core/index.ts';
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
  seen_at: Date | null;
  version: number;
}

/** Whether one of the groups offers the task to this person for taking; reading alone (`tree` without `mayTake`) isn't enough. */
export function mayTake(who: Who, groups: string[]): boolean {
  const held = new Set(groupsOf(who).filter((g) => !g.endsWith('*')));
  if (groups.some((g) => held.has(g))) return true;
  return who.grants.some(
    (g) =>
      g.reach === 'tree' &&
      (g.mayTake || groups.includes(`${g.role}@${g.office}`)) &&
      groups.includes(`${g.role}@${g.office}*`),
  );
}

export async function groupsOfTask(db: Knex, taskId: string): Promise<string[]> {
  const rows = await db('task_group').where({ task_id: taskId }).select('grp');
  return rows.map((r) => r.grp);
}
