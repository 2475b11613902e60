import { z } from 'zod';
import type { DocumentOf, Documents, MadeDocument, ReservedDocument } from '../../../documents/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import { idList, permanent } from '../input.ts';

export function createTopic({ documents }: { documents: Documents }): AnyTopic {
  return defineTopic({
    name: 'generate-document',
    title: { zh: '制作文书', en: 'Make documents' },
    effect: 'replace',
    input: z.object({ document: idList.describe('制作哪些文书：documents.json 里的名称，用逗号分开') }),
    output: z.object({}),
    errors: [],

    reserve: (trx, work) =>
      permanent(async () => {
        const reserved: ReservedDocument[] = [];
        for (const kind of work.input.document)
          reserved.push(await documents.reserve(trx, documentOf(work, kind), `${work.id}:${kind}`, 'replace'));
        return reserved;
      }),

    prepare: (work, reserved) =>
      permanent(async () => {
        const made: MadeDocument[] = [];
        for (const one of reserved) made.push(await documents.make(documentOf(work, one.kind), one));
        return made;
      }),

    async handle(trx, work, made, reserved) {
      for (const [i, one] of reserved.entries())
        await documents.finish(trx, documentOf(work, one.kind), one, made[i], 'replace');
      return {};
    },
  });
}

const documentOf = ({ case: row, release, step, visit }: TopicWork, kind: string): DocumentOf => ({
  case: row,
  release,
  step,
  visit,
  kind,
});
