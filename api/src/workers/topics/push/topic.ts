import { z } from 'zod';
import { Name, StepId } from '../../../../../contracts/flow.ts';
import { isEmpty } from '../../../../../contracts/kinds/index.ts';
import type { Audit } from '../../../audit/index.ts';
import { systems, type Connectors } from '../../../connectors/index.ts';
import type { Core } from '../../../core/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { CaseForms } from '../../../forms/index.ts';
import { permanent } from '../input.ts';
import { createValues, settings } from '../values.ts';

const Input = z.object({
  system: Name.describe('外部系统'),
  message: Name.describe('发送什么：这个系统约定的报文'),
  content: settings.describe('报文内容：名称=值，用分号分开；值可以是表单.字段、case.number、document.<文书>、today'),
  answer: StepId.optional().describe('等待答复的环节：receiveTask 的编号；不写为不等'),
});
type Input = z.infer<typeof Input>;

export interface PushDeps {
  connectors: Pick<Connectors, 'call'>;
  forms: CaseForms;
  audit: Pick<Audit, 'write'>;
}

export function createTopic(core: Core, { connectors, forms, audit }: PushDeps): AnyTopic {
  const valueOf = createValues(core, { forms });

  return defineTopic<Input, Record<string, never>, undefined, Record<string, unknown>>({
    name: 'push',
    title: { zh: '推送到外部系统', en: 'Send to an outside system' },
    effect: 'repeat',
    input: Input,
    output: z.object({}),
    errors: [],

    missing({ system, message, content, answer }, flow) {
      const known = systems[system]?.messages[message];
      if (!known) return [{ zh: `没有系统 ${system} 的报文 ${message}`, en: `No message ${message} of ${system}` }];
      const { properties = {}, required = [] } = z.toJSONSchema(known.request, { io: 'input' });
      const given = content.map(({ field }) => field);
      return [
        ...given
          .filter((field) => !(field in properties))
          .map((field) => ({ zh: `报文没有 ${field}`, en: `The message has no ${field}` })),
        ...required
          .filter((field) => !given.includes(field))
          .map((field) => ({ zh: `报文缺 ${field}`, en: `The message lacks ${field}` })),
        ...(answer && flow.steps[answer]?.type !== 'receive'
          ? [{ zh: `没有等待答复的环节 ${answer}`, en: `There is no receive step ${answer}` }]
          : []),
      ];
    },

    async prepare(work: TopicWork<Input>) {
      const value = valueOf(core.db, work);
      const request: Record<string, unknown> = {};
      for (const { field, value: text } of work.input.content) {
        const found = await value(text);
        if (!isEmpty(found)) request[field] = found;
      }
      return request;
    },

    async handle(trx, { case: row, caseId, step, visit, instance, input }, request) {
      const { system, message, answer } = input;
      await permanent(() =>
        connectors.call(trx, {
          system,
          message,
          case: row,
          step,
          visit,
          sender: instance,
          request,
          ...(answer && { answerStep: answer }),
        }),
      );
      const { title, messages } = systems[system]!;
      const detail = { title: messages[message]!.title.zh, addressee: title.zh };
      await audit.write(trx, { caseId, step, visit, action: 'connector.queued', detail });
      return {};
    },
  });
}
