import { z } from 'zod';
import { defineTopic, type AnyTopic } from '../../../engine/index.ts';
import type { Numbers } from '../../../numbers/index.ts';
import { permanent } from '../input.ts';

export function createTopic({ numbers }: { numbers: Numbers }): AnyTopic {
  return defineTopic({
    name: 'assign-number',
    title: { zh: '赋号', en: 'Assign a number' },
    effect: 'once',
    input: z.object({ rule: z.string().describe('编号规则：templates/numbers.json 里的名称，只用年份和机关') }),
    output: z.record(z.string(), z.string()),
    errors: [],

    handle: (trx, { id, caseId, case: row, step, input }) =>
      permanent(async () => {
        const office = await trx('office').where({ code: row.office }).first('short_name', 'profile');
        const scope = { office: row.office, 'office.code': office.profile.code ?? office.short_name };
        const number = await numbers.draw(trx, { rule: input.rule, scope, ref: id, caseId });
        await numbers.use(trx, input.rule, id);
        return { [`${step}_number`]: number };
      }),
  });
}
