/** People who could take a task, and people of the offices to which it is offered. */
import type { Knex } from 'knex';

/** People who may take a task with these group rows. */
export async function candidatesOf(db: Knex, groups: string[]): Promise<string[]> {
  const named = groups.flatMap((group) => /^person:(.+)$/.exec(group)?.[1] ?? []);
  const held: string[] = await db('role_grant')
    .whereNull('ended_at')
    .whereRaw(
      `((role || '@' || office) = any(?) or (reach = 'tree' and may_take and (role || '@' || office || '*') = any(?)))`,
      [groups, groups],
    )
    .distinct('person_id')
    .pluck('person_id');
  return [...new Set([...named, ...held])];
}

/** Offices to which the task is offered for taking. */
export const officesOf = (groups: string[]): string[] => [
  ...new Set(groups.flatMap((group) => /^[^:@]+@(\d+)$/.exec(group)?.[1] ?? [])),
];
