import { z } from 'zod';
import { Name, type Release } from '../../../../../contracts/flow.ts';
import { scalarFields } from '../../../../../contracts/forms/index.ts';
import { isEmpty } from '../../../../../contracts/kinds/index.ts';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import type { Links } from '../../../cases/index.ts';
import { Problem } from '../../../core/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { CaseForms } from '../../../forms/index.ts';

const FIELD = '[a-z][a-z0-9-]*\\.[a-zA-Z0-9]+';
const ASSIGNMENT = new RegExp(`^(${FIELD})\\s*=\\s*(${FIELD})$`);

/** `recall-order.product=application.product; recall-order.brand=application.brand` */
const Fill = z
  .string()
  .transform((text) => text.split(';').flatMap((part) => part.trim() || []))
  .refine((parts) => parts.every((part) => ASSIGNMENT.test(part)), '写成 表单.字段=表单.字段，用分号分开')
  .transform((parts) =>
    parts.map((part) => {
      const [, to = '', from = ''] = ASSIGNMENT.exec(part) ?? [];
      return { to: pathOf(to), from: pathOf(from) };
    }),
  );

const Input = z.object({
  flow: Name.describe('要发起的事项'),
  subject: z
    .string()
    .regex(new RegExp(`^${FIELD}$`))
    .optional()
    .describe('办件的对象：存有登记库条目的字段，写表单.字段；不写为本件的对象'),
  fill: Fill.optional().describe('填入新办件的字段：新办件的表单.字段=本件的表单.字段，用分号分开'),
});
type Input = z.infer<typeof Input>;

export interface StartCaseDeps {
  links: Pick<Links, 'start'>;
  flows: { current(flow: string): Promise<Release> };
  forms: CaseForms;
}

export function createTopic({ links, flows, forms }: StartCaseDeps): AnyTopic {
  async function valueOf({ caseId }: TopicWork, { form, key }: Path): Promise<unknown> {
    return (await forms.read(caseId, form)).data[key];
  }

  async function subjectOf(work: TopicWork<Input>, release: Release): Promise<string | null> {
    const { case: row, input } = work;
    if (input.subject) {
      const value = await valueOf(work, pathOf(input.subject));
      if (!z.uuid().safeParse(value).success) throw new PermanentError(`${input.subject} names no entry of a register`);
      return value as string;
    }
    return row.subject_register === release.package.flow.subject.register ? row.subject_id : null;
  }

  return defineTopic({
    name: 'start-case',
    title: { zh: '发起关联办件', en: 'Start a related case' },
    effect: 'once',
    input: Input,
    output: z.record(z.string(), z.string()),
    errors: [],

    missing({ fill = [], subject }, { forms: known }) {
      const sources = [...fill.map(({ from }) => from), ...(subject ? [pathOf(subject)] : [])];
      return sources
        .filter(({ form, key }) => !known[form] || !scalarFields(known[form]).some((field) => field.key === key))
        .map(({ form, key }) => ({ zh: `没有字段 ${form}.${key}`, en: `There is no field ${form}.${key}` }));
    },

    async prepare(work: TopicWork<Input>) {
      const release = await current(flows, work.input.flow);
      const { form } = release.package.flow;
      const values: Record<string, unknown> = {};
      for (const { to, from } of work.input.fill ?? []) {
        if (to.form !== form) throw new PermanentError(`${work.input.flow} is begun with ${form}, not ${to.form}`);
        const value = await valueOf(work, from);
        if (!isEmpty(value)) values[to.key] = value;
      }
      return { release, values, subjectId: await subjectOf(work, release) };
    },

    async handle(trx, { case: from, step, visit }, prepared) {
      try {
        const { number } = await links.start(trx, { from, step, visit, ...prepared });
        return { [`${step}_case`]: number };
      } catch (error) {
        if (error instanceof Problem) throw new PermanentError(error.zh);
        throw error;
      }
    },
  });
}

interface Path {
  form: string;
  key: string;
}

function pathOf(text: string): Path {
  const [form = '', key = ''] = text.split('.');
  return { form, key };
}

async function current(flows: StartCaseDeps['flows'], id: string): Promise<Release> {
  try {
    return await flows.current(id);
  } catch (error) {
    if (error instanceof Problem) throw new PermanentError(`the flow ${id} was never released`);
    throw error;
  }
}
