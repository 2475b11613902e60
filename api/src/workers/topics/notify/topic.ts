import type { Knex } from 'knex';
import { z } from 'zod';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import { defineTopic, type AnyTopic, type CaseRow } from '../../../engine/index.ts';
import type { Message, Messages } from '../../../messages/index.ts';
import { idList } from '../input.ts';
import { nothingFor, unknownWords, type Words } from '../words.ts';

const RECEIVER = /^[a-z]+(\.[a-z]+)*(@[a-z][A-Za-z0-9]*)?$/;
const OF_THE_CASE = ['applicant', 'starter'];

export interface NotifyDeps {
  messages: Pick<Messages, 'send'>;
  words: Words;
}

export function createTopic({ messages, words }: NotifyDeps): AnyTopic {
  return defineTopic({
    name: 'notify',
    title: { zh: '发送消息', en: 'Send a message' },
    effect: 'repeat',
    input: z.object({
      to: idList
        .refine((all) => all.every((to) => RECEIVER.test(to)), '写 applicant、starter、岗位或岗位@机关')
        .describe('发给谁：applicant、starter、岗位或岗位@机关，用逗号分开'),
      message: z.string().describe('messages.json 里的消息'),
    }),
    output: z.object({}),
    errors: [],

    missing({ to, message }, flow, { roles }) {
      const text = flow.messages[message];
      const unknown = to.map((one) => one.split('@')[0]!).filter((role) => !isKnown(role, roles));
      return [
        ...unknown.map((role) => ({ zh: `没有岗位 ${role}`, en: `There is no role ${role}` })),
        ...(text
          ? nothingFor(unknownWords([text.title, text.body].flatMap(({ zh, en }) => [zh, en]).join(''), flow))
          : [{ zh: `messages.json 没有消息 ${message}`, en: `messages.json has no message ${message}` }]),
      ];
    },

    async handle(trx, work) {
      const { caseId, case: row, release, input } = work;
      const text = release.package.messages[input.message];
      if (!text) throw new PermanentError(`no message ${input.message} in messages.json`);
      const fill = await words.of(trx, work);
      const written = { title: await fill(text.title.zh), body: await fill(text.body.zh) };
      const en = { title: await fill(text.title.en), body: await fill(text.body.en) };
      const receivers = (await Promise.all(input.to.map((to) => receiversOf(trx, row, to)))).flat();
      for (const to of distinct(receivers))
        await messages.send(trx, { to, caseId, kind: 'notice', ...written, en, link: `/cases/${caseId}` });
      return {};
    },
  });
}

const isKnown = (role: string, roles: { id: string }[]): boolean =>
  OF_THE_CASE.includes(role) || roles.some(({ id }) => id === role);

/** A role means all who hold it at the office; an office where nobody does is for an operator to look at. */
async function receiversOf(trx: Knex.Transaction, row: CaseRow, to: string): Promise<Message['to'][]> {
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

function distinct(receivers: Message['to'][]): Message['to'][] {
  return [...new Map(receivers.map((to) => [JSON.stringify(to), to])).values()];
}
