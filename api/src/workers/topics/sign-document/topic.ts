import type { Knex } from 'knex';
import { z } from 'zod';
import { Name, StepId, type CompiledFlow } from '../../../../../contracts/flow.ts';
import { scalarFields } from '../../../../../contracts/forms/index.ts';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import { Problem } from '../../../core/index.ts';
import type { Documents } from '../../../documents/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { CaseForms } from '../../../forms/index.ts';
import type { Signing, SigningRequest } from '../../../signing/index.ts';
import { isReceiver, RECEIVER, receiversOf } from '../receivers.ts';

const FIELD = /^[a-z][a-z0-9-]*\.[a-z][A-Za-z0-9]*$/;

const Input = z.object({
  document: Name.describe('在哪份文书上签名：documents.json 里的名称'),
  place: Name.describe('签在哪里：这份文书 signatures 里的名称'),
  by: z
    .string()
    .refine((text) => RECEIVER.test(text) || FIELD.test(text), '写 applicant、starter、岗位、岗位@机关或 表单.字段')
    .describe('请谁签：applicant、starter、岗位或岗位@机关；没有账号的人写姓名所在的 表单.字段'),
  phone: z.string().regex(FIELD).optional().describe('没有账号的人收链接的手机号：表单.字段'),
  answer: StepId.optional().describe('等待签名的环节：receiveTask 的编号；不写为不等'),
});
type Input = z.infer<typeof Input>;
type Work = TopicWork<Input>;

export interface SignDocumentDeps {
  signing: Pick<Signing, 'request' | 'assertPlace'>;
  documents: Pick<Documents, 'current'>;
  forms: Pick<CaseForms, 'read'>;
}

export function createTopic({ signing, documents, forms }: SignDocumentDeps): AnyTopic {
  /** Who gets a link: somebody named in a form, or people with accounts, each under the own name. */
  async function signersOf(trx: Knex.Transaction, work: Work): Promise<SigningRequest['signers']> {
    const { by, phone } = work.input;
    if (hasField(work.release.package, by)) {
      const [name, mobile] = [await read(work, by), phone && (await read(work, phone))];
      if (!name || !mobile) throw new PermanentError(`${by} or ${phone} is empty: nobody to ask for a signature`);
      return [{ name, recipient: { phone: mobile } }];
    }
    const receivers = await receiversOf(trx, work.case, by);
    const signers: SigningRequest['signers'] = [];
    for (const recipient of receivers) {
      const id = 'personId' in recipient ? recipient.personId : work.case.starter;
      const { name } = await trx('person').where({ id }).first('name');
      signers.push({ name, recipient });
    }
    return signers;
  }

  async function read({ caseId }: Work, field: string): Promise<string> {
    const [form, key] = field.split('.');
    return String((await forms.read(caseId, form!)).data[key!] ?? '').trim();
  }

  return defineTopic<Input, Record<string, never>, undefined, Pick<SigningRequest, 'document'>>({
    name: 'sign-document',
    title: { zh: '请人在文书上签名', en: 'Ask for a signature on a document' },
    effect: 'replace',
    input: Input,
    output: z.object({}),
    errors: [],

    missing({ document, place, by, phone, answer }, flow, { roles }) {
      const places = flow.documents[document]?.signatures ?? [];
      const found: { zh: string; en: string }[] = [];
      if (!places.some(({ id }) => id === place))
        found.push({ zh: `文书 ${document} 没有签名处 ${place}`, en: `Document ${document} has no place ${place}` });
      if (hasField(flow, by)) {
        if (!phone) found.push({ zh: '没有写手机号（phone）', en: '`phone` is missing' });
      } else if (!isReceiver(by, roles))
        found.push({ zh: `没有岗位或字段 ${by}`, en: `There is no role or field ${by}` });
      if (phone && !hasField(flow, phone)) found.push({ zh: `没有字段 ${phone}`, en: `There is no field ${phone}` });
      if (answer && flow.steps[answer]?.type !== 'receive')
        found.push({ zh: `没有等待签名的环节 ${answer}`, en: `There is no receive step ${answer}` });
      return found;
    },

    async prepare({ case: row, caseId, release, input: { document: kind, place } }: Work) {
      const document = await documents.current(caseId, kind);
      if (!document) throw new PermanentError(`${row.number} has no ${kind} to sign`);
      await signing.assertPlace(release, document, place).catch((error: unknown) => {
        throw error instanceof Problem ? new PermanentError(`${document.title}: ${error.message}`) : error;
      });
      return { document };
    },

    async handle(trx, work, { document }) {
      const { case: row, release, step, visit, thread, instance: sender, input } = work;
      await signing.request(trx, {
        ...{ case: row, release, step, visit, thread, sender, document },
        ...{ place: input.place, signers: await signersOf(trx, work) },
        ...(input.answer && { answerStep: input.answer }),
      });
      return {};
    },
  });
}

function hasField({ forms }: CompiledFlow, path: string): boolean {
  const [form = '', key] = path.split('.');
  return forms[form] !== undefined && scalarFields(forms[form]).some((field) => field.key === key);
}
