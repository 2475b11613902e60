import { z } from 'zod';
import {
  AddSignsBody,
  CopyBody,
  DecideAnswer,
  DecideBody,
  DoneRow,
  GiveBackBody,
  GiveSignBody,
  InboxCounts,
  InboxPage,
  ListFilter,
  OpinionAnswer,
  OpinionBody,
  TaskFate,
  TaskPeople,
  TaskPeopleQuery,
  TransferBody,
  UrgeBody,
} from '../../../contracts/api/index.ts';
import type { AnyRoute, Core } from '../core/index.ts';
import { defineRoute, notFound } from '../core/index.ts';
import { decisionMessage, type Decide } from './decide.ts';
import type { Fate } from './ended.ts';
import type { HandsOver } from './hand-over.ts';
import { InboxSort } from './inbox-order.ts';
import type { Hold } from './hold.ts';
import type { Lists } from './list.ts';
import type { TellNews } from './news.ts';
import type { Signs } from './signs.ts';

const Page = { after: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(100).default(40) };
const InboxFilter = z.object({
  ...ListFilter.shape,
  view: z.enum(['open', 'mine']).default('open'),
  sort: InboxSort.default('due'),
  ...Page,
});
const Task = z.object({ task: z.string().min(1).max(64) });
/** The decision that was carried out with it, where it was the last one awaited. */
const SignAnswer = z.object({ decision: DecideAnswer.nullable() });
const Version = z.object({ version: z.number().int() });

export function taskRoutes(
  core: Core,
  deps: { lists: Lists; decide: Decide; hold: Hold; handOver: HandsOver; signs: Signs; news: TellNews; fate: Fate },
): AnyRoute[] {
  const { lists, decide, hold, handOver, signs, news, fate } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/inbox',
      title: { zh: '待办', en: 'Open tasks' },
      rights: { kind: 'signed-in' },
      query: InboxFilter,
      answer: InboxPage,
      handle: ({ who, query }) => lists.inbox(who, query),
    }),
    defineRoute({
      method: 'get',
      path: '/inbox/counts',
      title: { zh: '待办数', en: 'Counts of open tasks' },
      rights: { kind: 'signed-in' },
      answer: InboxCounts,
      handle: ({ who }) => lists.counts(who),
    }),
    defineRoute({
      method: 'get',
      path: '/done',
      title: { zh: '已办', en: 'Done tasks' },
      rights: { kind: 'signed-in' },
      query: z.object({ ...ListFilter.shape, ...Page }),
      answer: z.object({ rows: z.array(DoneRow), next: z.string().nullable() }),
      handle: ({ who, query }) => lists.done(who, query),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/claim',
      title: { zh: '签收', en: 'Claim a task' },
      rights: { kind: 'object' },
      params: Task,
      answer: Version,
      handle: ({ who, params }) => news(who, params, () => hold.claim(who, params.task)),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/release',
      title: { zh: '退签', en: 'Release a task' },
      rights: { kind: 'object' },
      params: Task,
      answer: Version,
      handle: ({ who, params }) => news(who, params, () => hold.release(who, params.task)),
    }),
    defineRoute({
      method: 'get',
      path: '/tasks/:task/people',
      title: { zh: '可转办、委托、抄送的人员', en: 'Whom a task may be handed to' },
      rights: { kind: 'object' },
      params: Task,
      query: TaskPeopleQuery,
      answer: TaskPeople,
      handle: ({ who, params, query }) => handOver.people(who, params.task, query.act, query.q),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/transfer',
      title: { zh: '转办', en: 'Transfer a task' },
      rights: { kind: 'object' },
      params: Task,
      body: TransferBody,
      answer: Version,
      handle: ({ who, params, body }) => news(who, params, () => handOver.transfer(who, params.task, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/delegate',
      title: { zh: '委托办理', en: 'Delegate a task' },
      rights: { kind: 'object' },
      params: Task,
      body: TransferBody,
      answer: Version,
      handle: ({ who, params, body }) => news(who, params, () => handOver.delegate(who, params.task, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/give-back',
      title: { zh: '交还、收回委托', en: 'Give a delegated task back' },
      rights: { kind: 'object' },
      params: Task,
      body: GiveBackBody,
      answer: Version,
      handle: ({ who, params, body }) => news(who, params, () => handOver.giveBack(who, params.task, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/copy',
      title: { zh: '抄送', en: 'Send copies' },
      rights: { kind: 'object' },
      params: Task,
      body: CopyBody,
      answer: z.object({}),
      async handle({ who, params, body }) {
        await news(who, params, () => handOver.copy(who, params.task, body));
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/signs',
      title: { zh: '加签', en: 'Add people to a task' },
      rights: { kind: 'object' },
      params: Task,
      body: AddSignsBody,
      answer: Version,
      handle: ({ who, params, body }) => news(who, params, () => signs.add(who, params.task, body)),
    }),
    defineRoute({
      method: 'delete',
      path: '/tasks/:task/signs/:sign',
      title: { zh: '减签', en: 'Remove somebody added to a task' },
      rights: { kind: 'object' },
      params: Task.extend({ sign: z.uuid() }),
      answer: SignAnswer,
      handle: ({ who, params }) => news(who, params, () => signs.remove(who, params.task, params.sign)),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/sign',
      title: { zh: '提交加签意见', en: 'Give the opinion one was added for' },
      rights: { kind: 'object' },
      params: Task,
      body: GiveSignBody,
      answer: SignAnswer,
      handle: ({ who, params, body }) => news(who, params, () => signs.give(who, params.task, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/urge',
      title: { zh: '催办', en: 'Urge a task' },
      rights: { kind: 'object' },
      params: Task,
      body: UrgeBody,
      answer: z.object({}),
      async handle({ who, params, body }) {
        await news(who, params, () => handOver.urge(who, params.task, body));
        return {};
      },
    }),
    defineRoute({
      method: 'get',
      path: '/tasks/:task/fate',
      title: { zh: '待办后来怎样', en: 'What became of a task' },
      rights: { kind: 'object' },
      params: Task,
      answer: TaskFate,
      handle: async ({ who, params }) => ({ became: await fate(who, params.task) }),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/open',
      title: { zh: '打开待办', en: 'Note that a task was opened' },
      rights: { kind: 'object' },
      params: Task,
      answer: z.object({}),
      async handle({ who, params }) {
        await hold.seen(who, params.task);
        return {};
      },
    }),
    defineRoute({
      method: 'put',
      path: '/tasks/:task/opinion',
      title: { zh: '保存意见', en: 'Save the opinion typed so far' },
      rights: { kind: 'object' },
      params: Task,
      body: OpinionBody,
      answer: OpinionAnswer,
      handle: ({ who, params, body }) => hold.saveOpinion(who, params.task, body),
    }),
    defineRoute({
      method: 'post',
      path: '/tasks/:task/decision',
      title: { zh: '办理', en: 'Decide a task' },
      rights: { kind: 'object' },
      params: Task,
      body: DecideBody,
      answer: DecideAnswer,
      handle: ({ who, params, body }) => news(who, params, () => decide(who, params.task, body)),
    }),
    defineRoute({
      method: 'get',
      path: '/decisions/:decision',
      title: { zh: '办理结果', en: 'What became of a decision' },
      rights: { kind: 'object' },
      params: z.object({ decision: z.uuid() }),
      answer: DecideAnswer,
      async handle({ who, params }) {
        const d = await core.db('decision').where({ id: params.decision, person_id: who.personId }).first();
        if (!d) throw notFound();
        const incident =
          d.state === 'blocked'
            ? await core.db('incident').where({ case_id: d.case_id, state: 'open' }).first('code')
            : null;
        return {
          decisionId: d.id,
          caseId: d.case_id,
          state: d.state,
          message: decisionMessage(d.state, d.decided_at, incident?.code),
        };
      },
    }),
  ];
}
