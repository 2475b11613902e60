import { z } from 'zod';
import type { CertificateOf, Certificates } from '../../../certificates/index.ts';
import type { Documents } from '../../../documents/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import { permanent } from '../input.ts';

type Input = { certificate: string; change: 'issue' | 'extend' };

export function createTopic({
  certificates,
  documents,
}: {
  certificates: Certificates;
  documents: Documents;
}): AnyTopic {
  const certificateOf = ({ case: row, release, input }: TopicWork<Input>): CertificateOf => ({
    case: row,
    release,
    kind: input.certificate,
    ...(input.change === 'extend' && { change: input.change }),
  });

  return defineTopic({
    name: 'issue-certificate',
    title: { zh: '制发证书', en: 'Issue a certificate' },
    effect: 'once',
    input: z.object({
      certificate: z.string().describe('发哪种证书：documents.json 里的名称'),
      change: z.enum(['issue', 'extend']).default('issue').describe('新发，或扩项：编号和有效期不变，版本加一'),
    }),
    output: z.object({}),
    errors: [],

    reserve: (trx, work) => permanent(() => certificates.reserve(trx, certificateOf(work), work.id)),
    prepare: (work, reserved) => permanent(() => certificates.make(certificateOf(work), reserved)),

    /** The certificate lies in the file too, where it is served like a document. */
    async handle(trx, work, made, reserved) {
      await certificates.issue(trx, certificateOf(work), reserved, made);
      const { case: row, release, step, visit, input } = work;
      await documents.file(
        trx,
        { case: row, release, step, visit, kind: input.certificate },
        { ref: `certificate:${reserved.id}`, number: reserved.number, signedHash: made.fileHash },
      );
      return {};
    },
  });
}
