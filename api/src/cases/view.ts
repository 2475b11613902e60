/** One case as one person sees it: everything that the case view shows above the fold, with what may be done. */
import type { CaseView, ClockView, DocumentView, MaterialItem, TaskView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Core, Who } from '../core/index.ts';
import { notFound, shanghaiDay } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Exclusions } from '../rights/index.ts';
import {
  answerersOf,
  answersOfCase,
  askedOf,
  decisionMessage,
  exclusionOf,
  groupsOfTask,
  offersOf,
  signsOfCase,
  speaksFor,
  turnOn,
  whyAwaited,
  whyHeld,
  type Situation,
  type TaskRow,
} from '../tasks/index.ts';
import { isPinned, mayReadForm, pinsAnswered, pinsOf } from './access.ts';
import { aroundCase, type OutsideTitles } from './around.ts';
import type { Exits } from './exits.ts';
import type { Parts } from './parts.ts';
import { relatedCases } from './related.ts';
import { onRecord } from './subject.ts';
import { resultTitle } from '../../../contracts/flow.ts';

export interface ViewDeps {
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
  exits: Exits;
  exclusions: Pick<Exclusions, 'of'>;
  parts: Parts;
  /** When somebody may urge a task; null: now. */
  urgeFrom(task: TaskRow): Promise<Date | null>;
  clocks: {
    view(caseId: string): Promise<ClockView[]>;
    effects(release: Release, task: TaskRow): Promise<Record<string, { zh: string; en: string }>>;
  };
  documents: { list(caseId: string, who: Who): Promise<DocumentView[]> };
  materials: { list(owner: string, release: Release): Promise<MaterialItem[]> };
  warnings(caseId: string): Promise<CaseView['warnings']>;
  certificates(caseId: string, who: Who): Promise<CaseView['certificates']>;
  outside: OutsideTitles;
}

export type ViewCase = (who: Who, caseId: string) => Promise<CaseView>;
/** An open task of a case as somebody sees it who may read the case. */
export type ViewTask = (who: Who, row: CaseRow, task: TaskRow) => Promise<TaskView>;

export function createView(core: Core, deps: ViewDeps): { view: ViewCase; viewTask: ViewTask } {
  const { db } = core;

  const view: ViewCase = async (who, caseId) => {
    const row: CaseRow | undefined = await db('case').where({ id: caseId }).first();
    if (!row || !(await deps.mayRead(who, row))) throw notFound();
    const release = await deps.release(row.release_id);
    const { flow } = release.package;
    const [
      tasks,
      offers,
      clocks,
      documents,
      materials,
      warnings,
      certificates,
      related,
      office,
      division,
      starter,
      uscc,
      incident,
      answers,
      signs,
      watch,
      around,
    ] = await Promise.all([
      viewTasks(who, row, release),
      Promise.all([deps.parts.offers(who, row, release), deps.exits.offers(who, row, release)]),
      deps.clocks.view(caseId),
      deps.documents.list(caseId, who),
      deps.materials.list(caseId, release),
      warningsFor(who, row),
      deps.certificates(caseId, who),
      relatedCases(core, deps, who, row),
      db('office').where({ code: row.office }).first('code', 'name'),
      row.division ? db('division').where({ code: row.division }).first('name') : undefined,
      db('person').where({ id: row.starter }).first('name'),
      row.subject_id
        ? db('register_subject').where({ register: row.subject_register, id: row.subject_id }).first('uscc')
        : undefined,
      db('incident').where({ case_id: caseId, state: 'open' }).orderBy('opened_at', 'desc').first('code'),
      who.kind === 'staff' ? answersOfCase(core, who, caseId, release) : Promise.resolve([]),
      who.kind === 'staff' ? signsOfCase(db, who, row) : [],
      db('case_watch').where({ person_id: who.personId, case_id: caseId }).first('at'),
      who.kind === 'staff' ? aroundCase(core, row, deps.outside) : null,
    ]);
    return {
      id: row.id,
      number: row.number,
      flow: row.flow,
      flowTitle: flow.title.zh,
      title: row.title,
      subjectName: row.subject_name,
      subjectUscc: uscc?.uscc ?? null,
      office,
      divisionName: division?.name ?? null,
      state: row.state,
      result: row.result,
      resultTitle: resultTitle(release, row.result),
      stage: row.stage,
      moving: row.moving !== null && new Date(row.moving.until) > new Date(),
      receivedAt: row.received_at.toISOString(),
      acceptedAt: row.accepted_at?.toISOString() ?? null,
      closedAt: row.closed_at?.toISOString() ?? null,
      starter: starter?.name ?? '',
      form: flow.form,
      forms: await formsOf(who, row, release),
      tasks,
      offers: offers.flat(),
      answers,
      signs,
      clocks,
      warnings,
      documents,
      materials,
      certificates,
      related,
      watched: watch !== undefined,
      incident: incident
        ? {
            code: incident.code,
            zh: `流程在这里停住了，已报运维 ${incident.code}`,
            en: `The case is stopped here, reported as ${incident.code}`,
          }
        : null,
      around,
    };
  };

  return {
    view,
    viewTask: async (who, row, task) => viewTask(who, row, await deps.release(row.release_id), task),
  };

  /** An applicant sees what has to be mended; what only concerns the officer is not theirs. */
  async function warningsFor(who: Who, row: CaseRow): Promise<CaseView['warnings']> {
    const found = await deps.warnings(row.id);
    if (who.kind !== 'staff') return found.filter(({ severity }) => severity === 'error');
    const known = new Set(found.map(({ zh }) => zh));
    return [...found, ...(await onRecord(core, row)).filter(({ zh }) => !known.has(zh))];
  }

  async function viewTasks(who: Who, row: CaseRow, release: Release): Promise<TaskView[]> {
    const tasks: TaskRow[] = await db('task').where({ case_id: row.id }).whereNull('ended_at').orderBy('entered_at');
    return Promise.all(tasks.map((task) => viewTask(who, row, release, task)));
  }

  async function viewTask(who: Who, row: CaseRow, release: Release, task: TaskRow): Promise<TaskView> {
    const step = release.package.steps[task.step]!;
    const answerers = step.quorum ? await answerersOf(db, task.id) : [];
    const { open, answered } = speaksFor(who, row, answerers);
    const turn = answerers.length > 0 ? open[0]?.turn : turnOn(who, row, task, await groupsOfTask(db, task.id));
    const candidate = turn !== undefined;
    const [holder, owner, before, draft, decision, exclusion] = await Promise.all([
      task.holder ? db('person').where({ id: task.holder }).first('id', 'name') : undefined,
      task.owner ? db('person').where({ id: task.owner }).first('name') : undefined,
      db('decision').where({ case_id: row.id, step: task.step, state: 'done' }).select('outcome', 'decided_at'),
      db('opinion_draft').where({ task_id: task.id, person_id: who.personId }).first('opinion', 'saved_at'),
      task.state === 'deciding'
        ? db('decision').where({ task_id: task.id }).whereNot({ state: 'blocked' }).first('state', 'decided_at')
        : undefined,
      exclusionOf(
        deps.exclusions,
        db,
        { row, step, steps: release.package.steps },
        turn ?? { people: [who.personId], for: null },
      ),
    ]);
    const sign = await askedOf(db, who, row, task, release);
    const me = turn?.as.personId ?? who.personId;
    const delegation = delegationOf(me, task, holder?.name, owner?.name);
    const held = holder ? { id: holder.id, name: holder.name, mine: holder.id === me } : null;
    return {
      id: task.id,
      step: task.step,
      stepName: task.name,
      state: task.state,
      version: task.version,
      holder: holder ? { id: holder.id, name: holder.name } : null,
      mine: sign !== null || (candidate && (held === null || held.mine)),
      for: turn?.for ?? null,
      instruction: (who.kind === 'staff' || candidate ? step.instruction : undefined) ?? null,
      form: step.form ?? null,
      edits: step.edits?.form ?? null,
      offers: offersOf({
        step,
        taskState: task.state,
        candidate,
        holder: held,
        moving: row.moving !== null && new Date(row.moving.until) > new Date(),
        decidedBefore: Object.fromEntries(
          before.map((d: { outcome: string; decided_at: Date }) => [d.outcome, shanghaiDay(d.decided_at)]),
        ),
        effects: candidate && who.kind === 'staff' ? await deps.clocks.effects(release, task) : {},
        exclusion: exclusion ?? null,
        answered,
        awaited: (await whyAwaited(db, task.id, open[0]?.answerer)) ?? null,
        sign,
        held: task.state === 'held' ? await whyHeld(db, task.id, who.personId) : null,
        staff: who.kind === 'staff',
        delegation,
        urgeFrom: await deps.urgeFrom(task),
      }),
      pins: (await showsPins()) ? await pinsOf(core, row.id) : [],
      draft: draft ? { opinion: draft.opinion, savedAt: draft.saved_at.toISOString() } : null,
      message: decision ? decisionMessage(decision.state, decision.decided_at) : null,
    };

    async function showsPins(): Promise<boolean> {
      if (step.edits?.open === 'pinned' || (await isPinned(core, task.id))) return true;
      return pinsAnswered(core, row.id, release);
    }
  }

  /** The application and the forms that its steps have filled so far. */
  async function formsOf(who: Who, row: CaseRow, release: Release): Promise<CaseView['forms']> {
    const filled: { form: string }[] = await db('form_version').where({ owner: row.id }).distinct('form');
    return filled
      .map(({ form }) => form)
      .filter(mayReadForm(who, release))
      .sort((a, b) => Number(b === release.package.flow.form) - Number(a === release.package.flow.form))
      .map((form) => ({ form, title: titleOf(release, form) }));
  }
}

function delegationOf(me: string, task: TaskRow, holder = '', owner = ''): Situation['delegation'] {
  if (!task.owner) return null;
  if (task.owner === me) return { as: 'owner', other: holder };
  return task.holder === me ? { as: 'delegate', other: owner } : null;
}

export function titleOf(release: Release, form: string): string {
  const title = release.package.forms[form]?.title;
  return typeof title === 'string' ? title : form;
}
