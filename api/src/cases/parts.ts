/** Parts on demand (extension, hearing, change of reviewer): offered beside the main flow, started by a planned move. */
import type { Offer } from '../../../contracts/api/index.ts';
import { clockOfPart, type Release, type Step } from '../../../contracts/flow.ts';
import type { Core, Who } from '../core/index.ts';
import { invalidInput, notAllowed, notFound } from '../core/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { isMoving, treeChanged, type MovePlan, type Moves } from '../moves/index.ts';
import { groupsOfTask, notNow, turnOn, turnsOf, type Turn } from '../tasks/index.ts';
import { isApplicant, officerTurn } from './exits.ts';

export interface PartDeps {
  commands: Pick<Commands, 'send'>;
  moves: Moves;
  clocks: { whyNotExtend(caseId: string, release: Release, clock: string): Promise<Offer['reason']> };
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

export interface Parts {
  /** Actions `parts/<step>`: the path below the case to which they are posted. */
  offers(who: Who, row: CaseRow, release: Release): Promise<Offer[]>;
  preview(row: CaseRow, release: Release, step: string): Promise<MovePlan>;
  /** `tree` is the plan's that was shown. */
  start(who: Who, caseId: string, step: string, reason: string, tree?: string): Promise<{ state: 'done' | 'queued' }>;
}

export const PART = 'parts/';

export function createParts(core: Core, deps: PartDeps): Parts {
  const { db } = core;

  async function offer(who: Who, row: CaseRow, release: Release, step: Step): Promise<Offer | null> {
    if (!(await turnToStart(who, row, step))) return null;
    const reason = await whyNot(row, release, step);
    const title = titleOf(release, step);
    return { action: PART + step.id, title, enabled: !reason, ...(reason && { reason }), needs: ['reason', 'confirm'] };
  }

  async function whyNot(row: CaseRow, release: Release, step: Step): Promise<Offer['reason']> {
    if (row.state === 'closed') return { zh: '已办结', en: 'The case is closed' };
    if (row.state === 'starting') return { zh: '正在立件', en: 'The case is being started' };
    if (isMoving(row)) return { zh: '这件正在变动流程', en: 'The case is being moved' };
    if (await deps.moves.isOpen(db, row, release, step.id))
      return { zh: `「${step.name.zh}」已经在办`, en: `“${step.name.zh}” is open already` };
    const clock = clockOfPart(step.onDemand);
    return clock ? deps.clocks.whyNotExtend(row.id, release, clock) : undefined;
  }

  /** In whose name a person may start the part. */
  async function turnToStart(who: Who, row: CaseRow, step: Step): Promise<Turn | undefined> {
    if (step.onDemandBy) {
      const own = forApplicant(step) && isApplicant(who, row) ? turnsOf(who, row)[0] : undefined;
      return officerTurn(who, row, step.onDemandBy) ?? own;
    }
    // What an applicant does in a task of the case doesn't extend to the office's own means.
    if (who.kind === 'applicant') return undefined;
    const tasks: { id: string }[] = await db('task').where({ case_id: row.id }).whereNull('ended_at').select('id');
    for (const { id } of tasks) {
      const turn = turnOn(who, row, { holder: null, owner: null }, await groupsOfTask(db, id));
      if (turn) return turn;
    }
    return undefined;
  }

  return {
    async offers(who, row, release) {
      const parts = Object.values(release.package.steps).filter((step) => step.onDemand);
      const offers = await Promise.all(parts.map((step) => offer(who, row, release, step)));
      return offers.filter((found) => found !== null);
    },

    preview: (row, release, step) => deps.moves.plan(row, release, { kind: 'part', to: step }),

    async start(who, caseId, stepId, reason, tree) {
      if (!reason.trim()) throw invalidInput({ fields: [{ path: 'reason', zh: '写明原因', en: 'Give the reason' }] });
      const row: CaseRow | undefined = await db('case').where({ id: caseId }).first();
      if (!row || !(await deps.mayRead(who, row))) throw notFound();
      const release = await deps.release(row.release_id);
      const step = release.package.steps[stepId];
      if (!step?.onDemand) throw notFound();
      const found = await offer(who, row, release, step);
      if (!found) throw notAllowed();
      if (!found.enabled) throw notNow(found.reason);
      if (tree !== undefined) {
        const plan = await deps.moves.plan(row, release, { kind: 'part', to: stepId });
        if (plan.tree !== tree) throw treeChanged({ facts: { plan } });
      }
      const onBehalfOf = (await turnToStart(who, row, step))?.for?.id;
      const { moveId, commandId } = await db.transaction((trx) =>
        deps.moves.startPart(trx, { caseId, step: stepId, by: who.personId, onBehalfOf, reason }),
      );
      await deps.commands.send(commandId);
      return deps.moves.became(moveId);
    },
  };
}

/** An extension is called by what it asks for, any other part by its first step. */
function titleOf(release: Release, step: Step): { zh: string; en: string } {
  const id = clockOfPart(step.onDemand);
  const clock = release.package.flow.clocks.find((one) => one.id === id)?.title;
  if (!clock) return { zh: step.name.zh, en: step.name.zh };
  return { zh: `申请延期：${clock.zh}`, en: `Ask for an extension: ${clock.en}` };
}

const forApplicant = (step: Step): boolean =>
  step.onDemandBy!.some((group) => group === 'applicant' || group === 'starter');
