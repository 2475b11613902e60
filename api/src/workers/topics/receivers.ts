/** Whom a step of a model names: applicant, starter, or all who hold a role at an office. */
import type { Knex } from 'knex';
import { PermanentError } from '../../../../engine-adapters/port/index.ts';
import type { CaseRow } from '../../engine/index.ts';
import type { Message } from '../../messages/index.ts';

/** `applicant`, `starter`, `cma.decide`, `recall.leader@province` */
export const RECEIVER = /^[a-z]+(\.[a-z]+)*(@[a-z][A-Za-z0-9]*)?$/;
const OF_THE_CASE = ['applicant', 'starter'];

export function isReceiver(to: string, roles: { id: string }[]): boolean {
  const role = to.split('@')[0]!;
  return OF_THE_CASE.includes(role) || roles.some(({ id }) => id === role);
}

/** A role means all who hold it at the office; an office where nobody does is for an operator to look at. */
export async function receiversOf(trx: Knex.Transaction, row: CaseRow, to: string): Promise<Message['to'][]> {
  if (to === 'applicant' && row.institution_id) return [{ institutionId: row.institution_id }];
  if (OF_THE_CASE.includes(to)) return [{ personId: row.starter }];
  const [role, office = 'case'] = to.split('@');
  const people: { person_id: string }[] = await trx('role_grant as g')
    .join('case as c', (on) => on.on('c.id', trx.raw('?', [row.id])))
    .where({ 'g.role': role })
    .whereNull('g.ended_at')
    .whereRaw('g.office = app.resolve_office(c, null::app.task, ?, ?)', [role!, office])
    .distinct('g.person_id');
  if (people.length === 0) throw new PermanentError(`nobody holds ${to} for case ${row.number}`);
  return people.map(({ person_id: personId }) => ({ personId }));
}
