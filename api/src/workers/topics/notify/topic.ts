import { z } from 'zod';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import { defineTopic, type AnyTopic } from '../../../engine/index.ts';
import type { Message, Messages } from '../../../messages/index.ts';
import { idList } from '../input.ts';
import { isReceiver, RECEIVER, receiversOf } from '../receivers.ts';
import { nothingFor, unknownWords, type Words } from '../words.ts';

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
      const unknown = to.filter((one) => !isReceiver(one, roles)).map((one) => one.split('@')[0]!);
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
      const receivers: Awaited<ReturnType<typeof receiversOf>> = [];
      for (const to of input.to) receivers.push(...(await receiversOf(trx, row, to)));
      for (const to of distinct(receivers))
        await messages.send(trx, { to, caseId, kind: 'notice', ...written, en, link: `/cases/${caseId}` });
      return {};
    },
  });
}

function distinct(receivers: Message['to'][]): Message['to'][] {
  return [...new Map(receivers.map((to) => [JSON.stringify(to), to])).values()];
}
