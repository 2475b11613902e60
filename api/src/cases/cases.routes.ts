import { z } from 'zod';
import {
  CaseChanges,
  CasePage,
  CaseProgress,
  CaseView,
  type ClockView,
  ExitBody,
  Exits as ExitsAnswer,
  FlowDrawing,
  Migration,
  MigrationBody,
  OutdatedCasePage,
  type Offer,
  ReturnBody,
  ReturnTargets,
  TakeBackBody,
  TakeBackView,
  TimelinePage,
  TimelineQuery,
} from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { AnyRoute, Core, Who } from '../core/index.ts';
import { defineRoute, notFound } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { mimeOf, sendFile } from '../files/index.ts';
import type { MovePlan } from '../moves/index.ts';
import { mayReadForm } from './access.ts';
import { beforeReturn, changesSince, type ChangesBetween } from './changes.ts';
import { drawing } from './drawing.ts';
import type { Effect, MoveEffects } from './effects.ts';
import type { ExitKind, Exits } from './exits.ts';
import { MIGRATES, type Migrations } from './migration.ts';
import { PART, type Parts } from './parts.ts';
import type { CaseQuery } from './list.ts';
import type { TellNews } from '../tasks/index.ts';
import { progressOf } from './progress.ts';
import type { Returns } from './returns.ts';
import { lookAt } from './seen.ts';
import type { TakeBack } from './take-back.ts';
import type { Submit } from './start.ts';
import type { Summarise } from './summary.ts';
import type { ViewCase } from './view.ts';

export interface CaseRouteDeps {
  submit: Submit;
  view: ViewCase;
  effects: MoveEffects;
  exits: Exits;
  parts: Parts;
  returns: Returns;
  news: TellNews;
  takeBack: TakeBack;
  migrations: Migrations;
  list(who: Who, query: CaseQuery): Promise<z.infer<typeof CasePage>>;
  timeline(caseId: string, query: TimelineQuery): Promise<TimelinePage>;
  clocks: { view(caseId: string): Promise<ClockView[]> };
  changes: ChangesBetween;
  release(id: string): Promise<Release>;
  acknowledge(row: CaseRow): Promise<Buffer>;
  summarise: Summarise;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

const Case = z.object({ case: z.uuid() });
const Decision = z.object({ decision: z.uuid() });
const ExitAnswer = z.object({ state: z.enum(['done', 'queued']) });

export function caseRoutes(core: Core, deps: CaseRouteDeps): AnyRoute[] {
  async function readable(who: Who, id: string): Promise<CaseRow> {
    const row: CaseRow | undefined = await core.db('case').where({ id }).first();
    if (!row || !(await deps.mayRead(who, row))) throw notFound();
    return row;
  }

  const exit = (kind: ExitKind, zh: string, en: string) =>
    defineRoute({
      method: 'post',
      path: `/cases/:case/${kind}`,
      title: { zh, en },
      rights: { kind: 'object' },
      params: Case,
      body: ExitBody,
      answer: ExitAnswer,
      handle: ({ who, params, body }) =>
        deps.news(who, params, () => deps.exits.take(who, params.case, kind, body.reason, body.plan)),
    });

  return [
    defineRoute({
      method: 'post',
      path: '/drafts/:owner/submit',
      title: { zh: '提交申请', en: 'Submit an application' },
      rights: { kind: 'object' },
      params: z.object({ owner: z.uuid() }),
      answer: z.object({ caseId: z.string(), number: z.string() }),
      handle: ({ who, params }) => deps.submit(who, params.owner),
    }),
    defineRoute({
      method: 'get',
      path: '/cases',
      title: { zh: '办件', en: 'Cases' },
      rights: { kind: 'signed-in' },
      query: z.object({
        q: z.string().max(100).optional(),
        state: z.enum(['running', 'closed']).optional(),
        flow: z.string().max(60).optional(),
        todo: z.literal('mine').optional(),
        subject: z.uuid().optional(),
        after: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(100).default(40),
      }),
      answer: CasePage,
      handle: ({ who, query }) => deps.list(who, query),
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case',
      title: { zh: '办件详情', en: 'A case' },
      rights: { kind: 'object' },
      params: Case,
      answer: CaseView,
      handle: ({ who, params }) => deps.view(who, params.case),
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/timeline',
      title: { zh: '时间线', en: 'Time line of a case' },
      rights: { kind: 'object' },
      params: Case,
      query: TimelineQuery,
      answer: TimelinePage,
      async handle({ who, params, query }) {
        await readable(who, params.case);
        return deps.timeline(params.case, query);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/acknowledgement.pdf',
      title: { zh: '收件回执', en: 'Acknowledgement of a case' },
      rights: { kind: 'object' },
      params: Case,
      answer: 'file',
      async handle({ who, params, res }) {
        const row = await readable(who, params.case);
        const bytes = await deps.acknowledge(row);
        sendFile(res, { bytes, name: `收件回执 ${row.number}.pdf`, type: mimeOf('pdf') });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/summary.pdf',
      title: { zh: '打印办件', en: 'A case on paper' },
      rights: { kind: 'object' },
      params: Case,
      answer: 'file',
      async handle({ who, params, res }) {
        const { number, pdf } = await deps.summarise(who, params.case);
        sendFile(res, { bytes: pdf, name: `办件 ${number}.pdf`, type: mimeOf('pdf') });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/drawing',
      title: { zh: '流程图', en: 'The drawn flow with the live path' },
      rights: { kind: 'object' },
      params: Case,
      answer: FlowDrawing,
      async handle({ who, params }) {
        const row = await readable(who, params.case);
        return drawing(core, row.id, await deps.release(row.release_id));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/progress',
      title: { zh: '办理进度', en: 'How far a case is' },
      rights: { kind: 'object' },
      params: Case,
      answer: CaseProgress,
      async handle({ who, params }) {
        const row = await readable(who, params.case);
        return progressOf(core, row.id, await deps.release(row.release_id), await deps.clocks.view(row.id));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/changes',
      title: { zh: '改了什么', en: 'What changed in the application' },
      rights: { kind: 'object' },
      params: Case,
      answer: CaseChanges,
      async handle({ who, params }) {
        const row = await readable(who, params.case);
        const release = await deps.release(row.release_id);
        const baseline = await beforeReturn(core, row.id, release);
        const reads = mayReadForm(who, release);
        return changesSince(core, deps.changes, { caseId: row.id, release, baseline, reads });
      },
    }),
    defineRoute({
      method: 'put',
      path: '/cases/:case/seen',
      title: { zh: '看过办件，改了什么', en: 'Look at a case, and see what changed since the last look' },
      rights: { kind: 'object' },
      params: Case,
      answer: CaseChanges,
      async handle({ who, params }) {
        const row = await readable(who, params.case);
        const baseline = await lookAt(core, who.personId, row.id);
        const release = await deps.release(row.release_id);
        const reads = mayReadForm(who, release);
        return changesSince(core, deps.changes, { caseId: row.id, release, baseline, reads });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/exits',
      title: { zh: '撤回、终止的影响', en: 'What withdrawal and termination would do' },
      rights: { kind: 'object' },
      params: Case,
      answer: ExitsAnswer,
      async handle({ who, params }) {
        const row = await readable(who, params.case);
        const release = await deps.release(row.release_id);
        const offers = await Promise.all([deps.parts.offers(who, row, release), deps.exits.offers(who, row, release)]);
        const plan = async (action: string): Promise<MovePlan> =>
          action.startsWith(PART)
            ? deps.parts.preview(row, release, action.slice(PART.length))
            : (await deps.exits.preview(who, row.id, action as ExitKind)).plan;
        const exits = await Promise.all(
          offers
            .flat()
            .filter((o) => o.enabled)
            .map(async ({ action, title, effect }) => {
              const planned = await plan(action);
              return {
                action,
                title,
                plan: planned.tree ?? '',
                plannedAt: core.time.now().toISOString(),
                effects: [...(await deps.effects.of(row, release, planned)), ...(effect ? [tell(effect)] : [])],
              };
            }),
        );
        return { exits };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/tasks/:task/returns',
      title: { zh: '退回到哪一步、有什么影响', en: 'Where a task can be sent back to, and what that does' },
      rights: { kind: 'object' },
      params: z.object({ task: z.string().min(1).max(64) }),
      answer: ReturnTargets,
      handle: async ({ who, params }) => ({ targets: await deps.returns.targets(who, params.task) }),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/return',
      title: { zh: '退回', en: 'Send a task back' },
      rights: { kind: 'object' },
      params: z.object({ task: z.string().min(1).max(64) }),
      body: ReturnBody,
      answer: ExitAnswer,
      handle: ({ who, params, body }) => deps.news(who, params, () => deps.returns.take(who, params.task, body)),
    }),
    defineRoute({
      method: 'get',
      path: '/decisions/:decision/take-back',
      title: { zh: '取回的影响', en: 'What taking a decision back would do' },
      rights: { kind: 'object' },
      params: Decision,
      answer: TakeBackView,
      handle: ({ who, params }) => deps.takeBack.preview(who, params.decision),
    }),
    defineRoute({
      method: 'post',
      path: '/decisions/:decision/take-back',
      title: { zh: '取回自己的决定', en: 'Take a decision of one’s own back' },
      rights: { kind: 'object' },
      params: Decision,
      body: TakeBackBody,
      answer: ExitAnswer,
      handle: ({ who, params, body }) =>
        deps.news(who, params, () => deps.takeBack.take(who, params.decision, body.plan)),
    }),
    defineRoute({
      method: 'post',
      path: '/cases/:case/parts/:step',
      title: { zh: '启动按需环节', en: 'Start a part on demand' },
      rights: { kind: 'object' },
      params: Case.extend({ step: z.string().max(100) }),
      body: ExitBody,
      answer: ExitAnswer,
      handle: ({ who, params, body }) =>
        deps.news(who, params, () => deps.parts.start(who, params.case, params.step, body.reason, body.plan)),
    }),
    defineRoute({
      method: 'get',
      path: '/migrations',
      title: { zh: '仍用旧版流程的办件', en: 'Cases on older releases' },
      rights: { kind: 'role', roles: MIGRATES },
      query: z.object({ after: z.string().max(200).optional() }),
      answer: OutdatedCasePage,
      handle: ({ who, query }) => deps.migrations.outdated(who, query.after),
    }),
    defineRoute({
      method: 'get',
      path: '/cases/:case/migration',
      title: { zh: '换用新版流程的影响', en: 'What the newest release would change for a case' },
      rights: { kind: 'role', roles: MIGRATES },
      params: Case,
      answer: Migration,
      handle: ({ who, params }) => deps.migrations.preview(who, params.case),
    }),
    defineRoute({
      method: 'post',
      path: '/cases/:case/migration',
      title: { zh: '换用新版流程', en: 'Put a case on the newest release' },
      rights: { kind: 'role', roles: MIGRATES },
      params: Case,
      body: MigrationBody,
      answer: ExitAnswer,
      handle: ({ who, params, body }) => deps.migrations.take(who, params.case, body),
    }),
    exit('withdraw', '撤回申请', 'Withdraw an application'),
    exit('terminate', '终止办理', 'Terminate a case'),
  ];
}

const tell = (what: NonNullable<Offer['effect']>): Effect => ({
  kind: 'tell',
  what,
  who: null,
  note: null,
  step: null,
});
