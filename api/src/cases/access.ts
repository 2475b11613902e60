/** Who may change which form of a draft or case, and which places of it. Asked by the forms area for every access. */
import type { Pin } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Core, Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { groupsOfTask, turnOn, type TaskRow } from '../tasks/index.ts';

export type Access =
  | { mode: 'edit'; open: 'all' | string[]; release: Release; step?: string; taskId?: string }
  | { mode: 'read'; release: Release };

export type AccessOf = (who: Who, owner: string, form: string) => Promise<Access | null>;

export interface AccessDeps {
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

/** Null: the caller may not even know that it exists. */
export function createAccess(core: Core, deps: AccessDeps): AccessOf {
  const { db } = core;
  return async (who, owner, form) => {
    const row: CaseRow | undefined = await db('case').where({ id: owner }).first();
    if (!row) return draftAccess(who, owner, form);
    if (!(await deps.mayRead(who, row))) return null;
    const release = await deps.release(row.release_id);
    if (!release.package.forms[form] || !mayReadForm(who, release)(form)) return null;
    const tasks: TaskRow[] = await db('task').where({ case_id: owner, state: 'open' }).whereNull('ended_at');
    for (const task of tasks) {
      const step = release.package.steps[task.step];
      if (!step || (step.edits?.form !== form && step.form !== form)) continue;
      const turn = turnOn(who, row, task, await groupsOfTask(db, task.id));
      if (!turn || (task.holder && task.holder !== turn.as.personId)) continue;
      const pinned = step.edits?.form === form && step.edits.open === 'pinned';
      return {
        mode: 'edit',
        open: pinned ? (await pinsOf(core, owner)).map((p) => p.path) : 'all',
        release,
        step: step.id,
        taskId: task.id,
      };
    }
    return { mode: 'read', release };
  };

  async function draftAccess(who: Who, owner: string, form: string): Promise<Access | null> {
    const draft = await db('draft').where({ id: owner, form }).first();
    const own =
      draft && (draft.person_id === who.personId || who.institutions.some((i) => i.id === draft.institution_id));
    if (!own || draft.state === 'discarded') return null;
    return { mode: 'edit', open: 'all', release: await deps.release(draft.release_id) };
  }
}

/**
 * Applicants read the application and what steps of theirs show or fill in; what officers write on the way reaches them
 * as documents. Staff who may read the case read all of it.
 */
export function mayReadForm(who: Who, { package: { flow, steps } }: Release): (form: string) => boolean {
  if (who.kind === 'staff') return () => true;
  const own = Object.values(steps).filter(({ groups }) => groups.some(isApplicants));
  const read = new Set(own.flatMap((step) => [step.form, step.edits?.form]));
  if (flow.start.roles.some(isApplicants)) read.add(flow.form);
  return (form) => read.has(form);
}
const isApplicants = (group: string) => group === 'applicant' || group === 'starter';

/** The places that the last officer pinned for supplement or rectification, by an answer or with a return. */
export async function pinsOf({ db }: Pick<Core, 'db'>, caseId: string): Promise<Pin[]> {
  const decided = await db('decision')
    .where({ case_id: caseId, state: 'done' })
    .whereRaw(`detail->'pins' is not null`)
    .orderBy('decided_at', 'desc')
    .first('detail', 'decided_at');
  const returned = await db('move')
    .where({ case_id: caseId, kind: 'return', state: 'done' })
    .whereRaw(`plan->'pins' is not null`)
    .orderBy('asked_at', 'desc')
    .first('plan', 'asked_at');
  if (returned && (!decided || returned.asked_at > decided.decided_at)) return returned.plan.pins;
  return decided?.detail.pins ?? [];
}

/** Whether a task was begun by a return that pins what to correct. */
export async function isPinned({ db }: Pick<Core, 'db'>, taskId: string): Promise<boolean> {
  const move = await db('move')
    .where({ kind: 'return', started_task: taskId })
    .whereRaw(`plan->'pins' is not null`)
    .first('id');
  return move !== undefined;
}

/** Whether the last thing that happened in the case is that the pinned places were mended: whoever comes next looks at them. */
export async function pinsAnswered(core: Pick<Core, 'db'>, caseId: string, release: Release): Promise<boolean> {
  const last = await core
    .db('decision')
    .where({ case_id: caseId, state: 'done' })
    .orderBy('decided_at', 'desc')
    .first('step', 'task_id');
  if (!last) return false;
  return release.package.steps[last.step]?.edits?.open === 'pinned' || isPinned(core, last.task_id);
}
