/** A user step was entered: it is offered to offices and people, or an operator hears why it is not. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import type { CaseRow, Incidents } from '../engine/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { goBack } from './again.ts';
import type { FixAnswerers } from './answerers.ts';
import { candidatesOf } from './candidates.ts';
import { groupsOfTask, type TaskRow } from './rows.ts';

export type OfferTask = (
  trx: Knex.Transaction,
  entered: { row: CaseRow; release: Release; taskId: string },
) => Promise<boolean>;

/**
 * Tries again what the engine's trigger could not offer, fixes the answerers, and looks whether somebody may act; a step
 * that comes again goes to whoever decided it.
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
    const { people, refusal } = await whoMay(groups);
    if (!step.quorum) await goBack(trx, core, task, people);
    if (refusal)
      await deps.incidents.open(trx, {
        kind: 'office',
        ref: taskId,
        caseId: row.id,
        step: task.step,
        message: refusal,
      });
    return refusal === null;

    async function whoMay(offered: string[]): Promise<{ people: string[]; refusal: string | null }> {
      const nobody = (why: string) => ({ people: [], refusal: why });
      const wanted = step!.groups.join(', ') || 'the people named';
      if (offered.length === 0) return nobody(`no office holds ${wanted}`);
      const unheld = step!.quorum && step!.groups.filter(isMissing(offered));
      if (unheld?.length) return nobody(`no office holds ${unheld.join(', ')}, whose answer is needed`);
      if (offered.some((group) => group.startsWith('institution:'))) return { people: [], refusal: null };
      const people = await candidatesOf(trx, offered);
      if (people.length === 0) return nobody(`nobody holds ${wanted} at the office of this step`);
      const excluded = await deps.exclusions.of(trx, { row, step: step!, steps: release.package.steps }, people);
      const allowed = people.filter((id) => !excluded.has(id));
      if (allowed.length > 0) return { people: allowed, refusal: null };
      return nobody(`everybody who holds ${wanted} is excluded: ${[...excluded.values()][0]!.en}`);
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
