import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { Name } from '../../../../../contracts/flow.ts';
import { compileCondition, scalarFields } from '../../../../../contracts/forms/index.ts';
import { PermanentError } from '../../../../../engine-adapters/port/index.ts';
import type { Audit } from '../../../audit/index.ts';
import { shanghaiDay, type Core } from '../../../core/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { CaseForms } from '../../../forms/index.ts';
import type { Registers } from '../../../registers/index.ts';
import { idList, permanent } from '../input.ts';
import { pick } from './pick.ts';

/** As many as one process variable holds. */
const MOST = 100;
const AVOID = /^(subject|recent:P\d{1,2}Y|recent:P\d{1,2}M|[a-z][a-z0-9-]*\.[a-zA-Z0-9]+)$/;
const CHOSEN_SHOWN = 10;

const Input = z.object({
  from: Name.describe('从哪个登记库抽取'),
  filter: z
    .string()
    .default('')
    .refine((text) => text === '' || compileCondition(text).problem === null, '条件（FEEL）写得不对')
    .describe('条件：FEEL，用登记库的字段，如 category = "food" and division = "520100"；不写为全部'),
  count: z.coerce.number().int().min(1).max(MOST).describe(`抽几个：1 至 ${MOST}`),
  avoid: idList
    .refine((all) => all.every((one) => AVOID.test(one)), '写 subject、recent:P1Y 或 表单.字段')
    .optional()
    .describe('回避：subject 本件的对象，recent:P1Y 一年内在此环节抽中过的，表单.字段 里的条目，用逗号分开'),
});
type Input = z.infer<typeof Input>;

interface Drawing {
  candidates: string[];
  avoided: { id: string; ground: string }[];
  names: Map<string, string>;
}

export interface DrawDeps {
  registers: Pick<Registers, 'declaration' | 'entries'>;
  forms: Pick<CaseForms, 'read'>;
  audit: Pick<Audit, 'write'>;
}

export function createTopic({ db, time }: Core, { registers, forms, audit }: DrawDeps): AnyTopic {
  /** Entries that stay out, with the rule that says so. */
  async function avoidedBy({ caseId, case: row, step, input }: TopicWork<Input>): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const rule of input.avoid ?? []) for (const id of await idsOf(rule)) found.set(id, rule);
    return found;

    async function idsOf(rule: string): Promise<string[]> {
      if (rule === 'subject') return row.subject_id ? [row.subject_id] : [];
      const [, period] = rule.split('recent:');
      if (period) {
        const draws: { drawn: string[] }[] = await db('draw')
          .where({ flow: row.flow, step, register: input.from })
          .where('at', '>', db.raw('?::timestamptz - ?::interval', [time.now(), period]))
          .select('drawn');
        return draws.flatMap(({ drawn }) => drawn);
      }
      const [form = '', key = ''] = rule.split('.');
      const value = (await forms.read(caseId, form)).data[key];
      return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
    }
  }

  async function write(trx: Knex.Transaction, work: TopicWork<Input>, seed: string, drawing: Drawing, drawn: string[]) {
    const { caseId, case: row, step, visit, input } = work;
    await trx('draw').insert({
      ...{ case_id: caseId, flow: row.flow, step, visit, register: input.from, filter: input.filter, seed, drawn },
      candidates: JSON.stringify(drawing.candidates),
      avoided: JSON.stringify(drawing.avoided),
      at: time.now(),
    });
    const chosen = drawn.slice(0, CHOSEN_SHOWN).map((id) => drawing.names.get(id));
    await audit.write(trx, {
      ...{ caseId, step, visit, action: 'draw.made' },
      detail: {
        title: chosen.join('、') + (drawn.length > CHOSEN_SHOWN ? ' …' : ''),
        ...{ count: drawn.length, of: drawing.candidates.length, avoided: drawing.avoided.length, seed, drawn },
      },
    });
  }

  return defineTopic<Input, Record<string, string>, { seed: string }, Drawing>({
    name: 'draw',
    title: { zh: '随机抽取', en: 'Draw at random' },
    effect: 'once',
    input: Input,
    output: z.record(z.string(), z.string()),
    errors: [],

    missing({ avoid = [] }, { forms: known }) {
      return avoid
        .filter((rule) => rule.includes('.'))
        .filter((rule) => {
          const [form = '', key] = rule.split('.');
          return !known[form] || !scalarFields(known[form]).some((field) => field.key === key);
        })
        .map((path) => ({ zh: `没有字段 ${path}`, en: `There is no field ${path}` }));
    },

    /** Kept with the receipt: a repeated delivery draws the same. */
    reserve: () => Promise.resolve({ seed: randomBytes(16).toString('hex') }),

    prepare: (work) =>
      permanent(async () => {
        const { from, filter, count } = work.input;
        const { name } = registers.declaration(from);
        const condition = filter === '' ? null : compileCondition(filter);
        const today = shanghaiDay(time.now());
        const away = await avoidedBy(work);
        const drawing: Drawing = { candidates: [], avoided: [], names: new Map() };
        for await (const { id, fields } of registers.entries(from)) {
          if (condition && condition.evaluate(fields, { today }) !== true) continue;
          const ground = away.get(id);
          if (ground) drawing.avoided.push({ id, ground });
          else drawing.candidates.push(id);
          drawing.names.set(id, String(fields[name] ?? id));
        }
        if (drawing.candidates.length < count)
          throw new PermanentError(`${from} has ${drawing.candidates.length} to draw ${count} from`);
        return drawing;
      }),

    async handle(trx, work, drawing, { seed }) {
      const drawn = pick(seed, drawing.candidates, work.input.count);
      await write(trx, work, seed, drawing, drawn);
      return { [`${work.step}_drawn`]: drawn.join(',') };
    },
  });
}
