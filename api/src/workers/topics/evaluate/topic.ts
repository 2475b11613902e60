import type { Knex } from 'knex';
import { z } from 'zod';
import type { Release } from '../../../../../contracts/flow.ts';
import { PermanentError, type Value, type Variables } from '../../../../../engine-adapters/port/index.ts';
import type { Audit } from '../../../audit/index.ts';
import { readRulings, type CaseForms } from '../../../forms/index.ts';
import type { Core } from '../../../core/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import { permanent } from '../input.ts';

/** `application.fieldCategory`, or `application.capabilities.scope:food` (some approved row has this value). */
const Source = z.union([
  z
    .string()
    .regex(/^[a-z][a-z0-9-]*\.[a-zA-Z0-9]+$/)
    .transform((path) => ({ field: path.split('.') as [string, string] })),
  z
    .string()
    .regex(/^[a-z][a-z0-9-]*\.[a-zA-Z0-9]+\.[a-zA-Z0-9]+:[^:]+$/)
    .transform((text) => {
      const [path, value] = text.split(':');
      const [form, table, column] = path.split('.');
      return { table: `${form}.${table}`, column, value };
    }),
]);

/** `food=application.capabilities.scope:food; fieldCategory=application.fieldCategory` */
const Inputs = z
  .string()
  .transform((text) => Object.fromEntries(text.split(';').map((part) => part.split('=').map((side) => side.trim()))))
  .pipe(z.record(z.string(), Source));

type Input = { table: string; form: string; inputs: z.infer<typeof Inputs> };

export interface EvaluateDeps {
  audit: Pick<Audit, 'write'>;
  forms: CaseForms & {
    /** Writes values into the working version of a form, opened where it isn't; what a person entered is kept. */
    propose(
      trx: Knex.Transaction,
      proposal: {
        owner: string;
        form: string;
        release: Release;
        values: Record<string, unknown>;
        source: { zh: string; en: string };
      },
    ): Promise<void>;
  };
}

export function createTopic(core: Core, { audit, forms }: EvaluateDeps): AnyTopic {
  async function valueOf({ caseId, release }: TopicWork, source: z.infer<typeof Source>): Promise<Value> {
    if ('field' in source) {
      const value = (await forms.read(caseId, source.field[0])).data[source.field[1]];
      return typeof value === 'object' || value === undefined ? null : (value as Value);
    }
    const { rows } = await readRulings(forms, release.package, caseId, source.table);
    return rows.some(({ approved, values }) => approved && values[source.column] === source.value);
  }

  return defineTopic({
    name: 'evaluate',
    title: { zh: '按决策表拟定', en: 'Propose by a decision table' },
    effect: 'repeat',
    input: z.object({
      table: z.string().describe('决策表：tables 里的文件名'),
      form: z.string().describe('结果填入的表单'),
      inputs: Inputs.describe('表的输入：名称=表单.字段，用分号分开；有核准的一行写着某值，写名称=表单.表.列:值'),
    }),
    output: z.object({}),
    errors: [],

    /** The decision table that runs is the engine's, of the case's own release. */
    prepare: (work: TopicWork<Input>) =>
      permanent(async () => {
        const key = work.release.package.tables[work.input.table];
        if (!key) throw new RangeError(`no decision table ${work.input.table}`);
        const variables: Variables = {};
        for (const [name, source] of Object.entries(work.input.inputs)) variables[name] = await valueOf(work, source);
        const hits = await core.engine.evaluate({ key, deploymentId: work.release.deploymentId, variables });
        if (hits.length !== 1) throw new PermanentError(`${work.input.table}: ${hits.length} rules hit, not one`);
        return { variables, values: hits[0] };
      }),

    async handle(trx, { caseId, release, step, visit, input }, { variables, values }) {
      const source = { zh: '按决策表拟定', en: 'Proposed by a decision table' };
      await forms.propose(trx, { owner: caseId, form: input.form, release, values, source });
      await audit.write(trx, {
        caseId,
        action: 'form.proposed',
        step,
        visit,
        detail: {
          title: release.package.forms[input.form]?.title ?? input.form,
          table: input.table,
          given: variables,
          values,
        },
      });
      return {};
    },
  });
}
