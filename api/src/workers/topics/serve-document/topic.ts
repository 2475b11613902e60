import { z } from 'zod';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import type { Documents, Serving } from '../../../documents/index.ts';
import { defineTopic, type AnyTopic } from '../../../engine/index.ts';
import { idList } from '../input.ts';

export function createTopic({ documents, serving }: { documents: Documents; serving: Serving }): AnyTopic {
  return defineTopic({
    name: 'serve-document',
    title: { zh: '送达文书', en: 'Serve documents' },
    effect: 'repeat',
    input: z.object({
      document: idList.optional().describe('送达哪些文书，用逗号分开'),
      certificate: idList.optional().describe('送达哪些证书，用逗号分开'),
    }),
    output: z.object({}),
    errors: [],

    async handle(trx, { case: row, release, step, visit, caseId, input }) {
      for (const kind of [...(input.document ?? []), ...(input.certificate ?? [])]) {
        const document = await documents.current(caseId, kind);
        if (!document) throw new PermanentError(`${row.number} has no ${kind} to serve`);
        await serving.serve(trx, { case: row, release, step, visit }, document);
      }
      return {};
    },
  });
}
