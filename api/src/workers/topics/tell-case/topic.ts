import { z } from 'zod';
import { Name } from '../../../../../contracts/flow.ts';
import { RetryableError } from '../../../../../engine-adapters/port/index.ts';
import type { Links } from '../../../cases/index.ts';
import { Problem } from '../../../core/index.ts';
import { defineTopic, type AnyTopic } from '../../../engine/index.ts';
import { permanent } from '../input.ts';

export interface TellCaseDeps {
  links: Pick<Links, 'open' | 'exit'>;
}

export function createTopic({ links }: TellCaseDeps): AnyTopic {
  return defineTopic({
    name: 'tell-case',
    title: { zh: '让关联办件退出', en: 'Take the exit of related cases' },
    effect: 'once',
    input: z.object({
      flow: Name.optional().describe('只通知这一事项的关联办件；不写为全部'),
      take: z.string().min(1).describe('关联办件的出口：它的环节属性 exit 写的名称'),
    }),
    output: z.record(z.string(), z.number()),
    errors: [],

    handle: (trx, { caseId, case: from, step, input }) =>
      permanent(async () => {
        const related = await links.open(trx, caseId);
        const told = related.filter(({ flow }) => input.flow === undefined || flow === input.flow);
        for (const row of told) {
          try {
            await links.exit(trx, row, { exit: input.take, from });
          } catch (error) {
            // It is being started, moved or decided at this moment.
            if (error instanceof Problem) throw new RetryableError(error.message);
            throw error;
          }
        }
        return { [`${step}_told`]: told.length };
      }),
  });
}
