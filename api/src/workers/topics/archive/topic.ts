import { z } from 'zod';
import type { Archive } from '../../../archive/index.ts';
import type { Audit } from '../../../audit/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { Numbers } from '../../../numbers/index.ts';
import { permanent } from '../input.ts';

const Input = z.object({
  rule: z
    .string()
    .default('archive')
    .describe('档号规则：templates/numbers.json 里的名称，只用年份和机关；不写为 archive'),
});
type Input = z.infer<typeof Input>;

export interface ArchiveDeps {
  archive: Pick<Archive, 'close'>;
  numbers: Numbers;
  audit: Pick<Audit, 'write'>;
}

export function createTopic({ archive, numbers, audit }: ArchiveDeps): AnyTopic {
  return defineTopic<Input, Record<string, string>>({
    name: 'archive',
    title: { zh: '归档', en: 'Archive' },
    effect: 'replace',
    input: Input,
    output: z.record(z.string(), z.string()),
    errors: [],

    missing: ({ rule }, _, { numberRules }) =>
      numberRules.includes(rule)
        ? []
        : [{ zh: `numbers.json 没有编号规则 ${rule}`, en: `numbers.json has no rule ${rule}` }],

    handle: (trx, { caseId, case: row, release, step, visit, input: { rule } }: TopicWork<Input>) =>
      permanent(async () => {
        const office = await trx('office').where({ code: row.office }).first('short_name', 'profile');
        const scope = { office: row.office, 'office.code': office.profile.code ?? office.short_name };
        const ref = `archive:${caseId}`;
        const number = await numbers.draw(trx, { rule, scope, ref, caseId });
        await numbers.use(trx, rule, ref);
        const { version, items } = await archive.close(trx, { case: row, release, number });
        const detail = { number, title: row.subject_name, items, version };
        await audit.write(trx, { caseId, step, visit, action: 'case.archived', detail });
        return { [`${step}_number`]: number };
      }),
  });
}
