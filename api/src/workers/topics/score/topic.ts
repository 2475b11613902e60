import { z } from 'zod';
import type { CompiledFlow } from '../../../../../contracts/flow.ts';
import { findField, isTable, scalarFields } from '../../../../../contracts/forms/index.ts';
import { exactSum, isEmpty } from '../../../../../contracts/kinds/index.ts';
import { PermanentError, type Variables } from '../../../../../engine-adapters/port/index.ts';
import type { Audit } from '../../../audit/index.ts';
import type { Core } from '../../../core/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { CaseForms } from '../../../forms/index.ts';
import { permanent } from '../input.ts';

const PART = /^([a-z][A-Za-z0-9]*)(?:\.([a-z][A-Za-z0-9]*))?(?:\s*\*\s*(\d+(?:\.\d+)?))?$/;

interface Part {
  /** A number field of the form, or a table. */
  field: string;
  /** Of a table: the column that is added up. */
  column?: string;
  weight: number;
}

/** `management*0.4, technical*0.6, items.points` */
const Points = z
  .string()
  .transform((text) => text.split(',').map((part) => PART.exec(part.trim())))
  .refine((parts) => parts.every((part) => part !== null), '写成 字段*权重 或 表.列*权重，用逗号分开')
  .transform((parts) =>
    parts.map((part): Part => {
      const [, field = '', column, weight = '1'] = part!;
      return { field, ...(column && { column }), weight: Number(weight) };
    }),
  );

const Input = z.object({
  form: z.string().describe('评分表：表单'),
  points: Points.describe('分数：字段*权重 或 表.列*权重（列的合计），用逗号分开，相加为总分'),
  table: z.string().optional().describe('定级的决策表：输入 score，输出 grade；不写则只算总分'),
});
type Input = z.infer<typeof Input>;

export interface ScoreDeps {
  forms: CaseForms;
  audit: Pick<Audit, 'write'>;
}

export function createTopic(core: Core, { forms, audit }: ScoreDeps): AnyTopic {
  async function pointsOf({ caseId, input }: TopicWork<Input>, { field, column }: Part): Promise<number[]> {
    if (!column) return [number((await forms.read(caseId, input.form)).data[field], field)];
    const rows = await forms.rows(caseId, input.form, field);
    return rows.flatMap(({ data }) => (isEmpty(data[column]) ? [] : number(data[column], `${field}.${column}`)));
  }

  async function gradeOf({ release, input }: TopicWork<Input>, score: number): Promise<string | undefined> {
    if (!input.table) return undefined;
    const key = release.package.tables[input.table];
    if (!key) throw new PermanentError(`no decision table ${input.table}`);
    const hits = await core.engine.evaluate({ key, deploymentId: release.deploymentId, variables: { score } });
    if (hits.length !== 1 || typeof hits[0]?.grade !== 'string')
      throw new PermanentError(`${input.table} has no single grade for ${score}`);
    return hits[0].grade;
  }

  return defineTopic<Input, Variables, undefined, { score: number; grade: string | undefined }>({
    name: 'score',
    title: { zh: '评分定级', en: 'Score and grade' },
    effect: 'repeat',
    input: Input,
    output: z.record(z.string(), z.union([z.string(), z.number()])),
    errors: [],

    missing({ form, points, table }, flow) {
      const found = points
        .filter((part) => !isNumber(flow, form, part))
        .map(({ field, column }) => [form, field, column].filter(Boolean).join('.'))
        .map((path) => ({ zh: `没有数字字段 ${path}`, en: `There is no number field ${path}` }));
      if (table && !flow.tables[table])
        found.push({ zh: `没有决策表 ${table}`, en: `There is no decision table ${table}` });
      return found;
    },

    prepare: (work) =>
      permanent(async () => {
        const parts: number[] = [];
        for (const part of work.input.points)
          parts.push(...(await pointsOf(work, part)).map((value) => value * part.weight));
        const score = Math.round(exactSum(parts) * 100) / 100;
        return { score, grade: await gradeOf(work, score) };
      }),

    async handle(trx, { caseId, release, step, visit, input }, { score, grade }) {
      const title = release.package.forms[input.form]?.title ?? input.form;
      await audit.write(trx, {
        caseId,
        step,
        visit,
        action: 'score.made',
        detail: { title, score, ...(grade && { grade }) },
      });
      return { [`${step}_score`]: score, ...(grade !== undefined && { [`${step}_grade`]: grade }) };
    },
  });
}

function number(value: unknown, of: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`${of} has no number`);
  return value;
}

function isNumber({ forms }: CompiledFlow, form: string, { field, column }: Part): boolean {
  const schema = forms[form];
  if (!schema) return false;
  if (!column) return scalarFields(schema).some(({ key, type }) => key === field && type === 'number');
  const table = findField(schema, field);
  return (
    table !== undefined && isTable(table) && table.columns.some(({ key, type }) => key === column && type === 'number')
  );
}
