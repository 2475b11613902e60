import type { Knex } from 'knex';
import { z } from 'zod';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import { CertificateChange } from '../../../../../contracts/certificate-life.ts';
import type { CertificateChanges } from '../../../certificates/index.ts';
import { Problem, type Core } from '../../../core/index.ts';
import type { Documents } from '../../../documents/index.ts';
import { defineTopic, type AnyTopic, type CaseRow } from '../../../engine/index.ts';
import type { CaseForms } from '../../../forms/index.ts';
import { createValues } from '../values.ts';

export interface ChangeCertificateDeps {
  certificateChanges: Pick<CertificateChanges, 'apply'>;
  documents: Pick<Documents, 'current'>;
  forms: CaseForms;
}

export function createTopic(core: Core, { certificateChanges, documents, forms }: ChangeCertificateDeps): AnyTopic {
  const valueOf = createValues(core, { forms });

  return defineTopic({
    name: 'change-certificate',
    title: { zh: '变更证书状态', en: 'Change the state of a certificate' },
    effect: 'once',
    input: z.object({
      change: CertificateChange.describe('怎样变更：替换、暂停、恢复、撤销、吊销、撤回、注销'),
      certificate: z.string().optional().describe('证书编号或写有编号的 表单.字段；不写是本件的证书'),
      ground: z.string().describe('事由，或 表单.字段'),
      article: z.string().describe('法律依据，或 表单.字段'),
      until: z.string().optional().describe('暂停的最后一日，或 表单.字段'),
      document: z.string().optional().describe('说明这一变更的文书（documents.json）'),
    }),
    output: z.object({}),
    errors: [],

    async handle(trx, work) {
      const { caseId, case: row, input } = work;
      const read = valueOf(trx, work);
      const text = async (said: string): Promise<string> => String((await read(said)) ?? '').trim();
      const [ground, article] = [await text(input.ground), await text(input.article)];
      if (!ground || !article) throw new PermanentError('a change of a certificate needs its ground and its article');
      const document = input.document && (await documents.current(caseId, input.document));
      await permanentProblem(async () =>
        certificateChanges.apply(trx, {
          certificateId: await certificateOf(trx, row, input.certificate && (await text(input.certificate))),
          change: input.change,
          ground,
          article,
          until: (input.until && (await text(input.until))) || null,
          caseId,
          ...(document && { documentId: document.id }),
        }),
      );
      return {};
    },
  });
}

/** The named certificate of the subject, else the one that the case is about, else the only one in force. */
async function certificateOf(trx: Knex.Transaction, row: CaseRow, number: string | undefined): Promise<string> {
  if (!number && row.certificate_id) return row.certificate_id;
  const ofSubject = () => trx('certificate').where({ institution_id: row.subject_id });
  const found = number
    ? await ofSubject().where({ number }).whereNotIn('state', ['reserved', 'void', 'superseded']).pluck('id')
    : await ofSubject().whereIn('state', ['valid', 'suspended']).pluck('id');
  if (found.length !== 1)
    throw new PermanentError(`case ${row.number} has ${found.length} certificates ${number ?? 'in force'}, not one`);
  return found[0];
}

/** What is refused to a person is for an operator to look at where a flow does it. */
async function permanentProblem(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof Problem ? new PermanentError(error.zh) : error;
  }
}
