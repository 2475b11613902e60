/** A user step was entered: it is offered to offices and people, or an operator hears why it is not. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import type { CaseRow, Incidents } from '../engine/index.ts';
import type { Exclusions } from '../rights/index.ts';
import type { FixAnswerers } from './answerers.ts';
import { candidatesOf } from './candidates.ts';
import { groupsOfTask, type TaskRow } from './rows.ts';

export type OfferTask = (
  trx: Knex.Transaction,
  entered: { row: CaseRow; release: Release; taskId: string },
) => Promise<boolean>;

/**
 * Tries again what the engine's trigger could not offer, fixes the answerers, and looks whether somebody may act.
 * Answers whether somebody may; if not, an incident `office` is open (RULES, Candidates).
 */
export function createOfferTask(
  core: Pick<Core, 'time'>,
  deps: { incidents: Pick<Incidents, 'open'>; exclusions: Pick<Exclusions, 'of'>; fixAnswerers: FixAnswerers },
): OfferTask {
  return async (trx, { row, release, taskId }) => {
    const task: TaskRow | undefined = await trx('task').where({ id: taskId }).whereNull('ended_at').first();
    const step = task && release.package.steps[task.step];
    if (!task || !step) return true;
    const missing = step.groups.filter(isMissing(await groupsOfTask(trx, taskId)));
    for (const group of missing) await trx.raw('select app.offer_task(?, ?)', [taskId, group]);
    await deps.fixAnswerers(trx, task, { row, step, steps: release.package.steps }, core.time.now());
    const groups = await groupsOfTask(trx, taskId);
    const refusal = await whyNobody(groups);
    if (refusal)
      await deps.incidents.open(trx, {
        kind: 'office',
        ref: taskId,
        caseId: row.id,
        step: task.step,
        message: refusal,
      });
    return refusal === null;

    async function whyNobody(offered: string[]): Promise<string | null> {
      const wanted = step!.groups.join(', ') || 'the people named';
      if (offered.length === 0) return `no office holds ${wanted}`;
      const unheld = step!.quorum && step!.groups.filter(isMissing(offered));
      if (unheld?.length) return `no office holds ${unheld.join(', ')}, whose answer is needed`;
      if (offered.some((group) => group.startsWith('institution:'))) return null;
      const people = await candidatesOf(trx, offered);
      if (people.length === 0) return `nobody holds ${wanted} at the office of this step`;
      const excluded = await deps.exclusions.of(trx, { row, step: step!, steps: release.package.steps }, people);
      if (people.some((id) => !excluded.has(id))) return null;
      return `everybody who holds ${wanted} is excluded: ${[...excluded.values()][0]!.en}`;
    }
  };
}

/** Whether a candidate group of the model has no exact row yet; `applicant` and `starter` always have one. */
function isMissing(groups: string[]): (group: string) => boolean {
  return (group) => {
    const [role = ''] = group.split('@');
    if (role === 'applicant' || role === 'starter') return groups.length === 0;
    return !groups.some((row) => row.startsWith(`${role}@`) && !row.endsWith('*'));
  };
}
