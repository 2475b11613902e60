import { z } from 'zod';
import { rowFields } from '../../../../../contracts/forms/index.ts';
import type { Audit } from '../../../audit/index.ts';
import { readRulings, type CaseForms } from '../../../forms/index.ts';
import { shanghaiDay, type Core } from '../../../core/index.ts';
import { defineTopic, type AnyTopic, type TopicWork } from '../../../engine/index.ts';
import type { RegisterService, RegisterWrite } from '../../../registers/index.ts';
import { permanent } from '../input.ts';
import { createValues, settings, type Setting } from '../values.ts';

type Rows = NonNullable<RegisterWrite['children']>;

interface Input {
  register: string;
  set?: Setting[];
}

export interface WriteRegisterDeps {
  registers: Pick<RegisterService, 'declaration' | 'madeBy' | 'write'>;
  forms: CaseForms;
  audit: Pick<Audit, 'write'>;
}

export function createTopic(core: Core, { registers, forms, audit }: WriteRegisterDeps): AnyTopic {
  const valueOf = createValues(core, { forms });

  /** Another register than that of the case's subject: the case makes an entry of its own there. */
  const isOther = ({ case: row, input }: TopicWork<Input>): boolean => row.subject_register !== input.register;

  /** Whom the entry of another register is about, where it is about somebody. */
  async function aboutSubject({ case: row, number, input }: TopicWork<Input>): Promise<Record<string, unknown>> {
    if (registers.declaration(input.register).subject !== 'subject_id') return {};
    const subject = await core
      .db('register_subject')
      .where({ register: row.subject_register, id: row.subject_id })
      .first('uscc');
    return {
      subjectRegister: row.subject_register,
      subjectId: row.subject_id,
      subjectName: row.subject_name,
      uscc: subject?.uscc ?? null,
      caseNumber: number,
    };
  }

  /** Fields of the register that the flow's form has too. */
  async function fieldsOf({ caseId, release, input }: TopicWork<Input>) {
    const known = new Set(registers.declaration(input.register).fields.map(({ id }) => id));
    const { data } = await forms.read(caseId, release.package.flow.form);
    return Object.fromEntries(Object.entries(data).filter(([id]) => known.has(id)));
  }

  /**
   * Tables that the register filled go back to it: of those that a review decided the approved rows are merged, with
   * what they were approved by; the others are as the application says. Rows of tables that only add are merged.
   */
  async function childrenOf({ caseId, release, input }: TopicWork<Input>): Promise<Rows> {
    const { flow, forms: schemas } = release.package;
    const certificate = await core.db('certificate').where({ case_id: caseId, state: 'valid' }).first('number');
    const approval = {
      approvedCase: caseId,
      approvedOn: shanghaiDay(core.time.now()),
      certificate: certificate?.number ?? null,
    };
    const children: Rows = {};
    for (const field of rowFields(schemas[flow.form])) {
      if (field.type !== 'table') continue;
      const target = field.rowsFrom ?? field.rowsTo;
      if (!target) continue;
      const child = registers.declaration(input.register).children.find(({ id }) => id === target);
      if (!child) throw new RangeError(`register ${input.register} has no ${target}`);
      const { rows } = await readRulings(forms, release.package, caseId, `${flow.form}.${field.key}`);
      const known = new Set(child.fields.map(({ id }) => id));
      const decided = known.has('approvedCase');
      children[target] = {
        mode: decided || !field.rowsFrom ? 'merge' : 'replace',
        rows: rows
          .filter(({ approved }) => approved)
          .map(({ values }) => {
            const limits = [values.limits, values.restriction].filter(Boolean).join('；');
            const written = { ...values, ...(limits && { limits }), ...(decided && approval) };
            return Object.fromEntries(Object.entries(written).filter(([id]) => known.has(id)));
          }),
      };
    }
    return children;
  }

  return defineTopic({
    name: 'write-register',
    title: { zh: '写入登记库', en: 'Write into the register' },
    effect: 'repeat',
    input: z.object({
      register: z.string().describe('写入哪个登记库'),
      set: settings.optional().describe('写入的字段：字段=值，用分号分开；值可以是表单.字段、today、case.number'),
    }),
    output: z.object({}),
    errors: [],

    prepare: (work) =>
      permanent(async () => {
        const value = valueOf(core.db, work);
        const set = Object.fromEntries(
          await Promise.all((work.input.set ?? []).map(async (one) => [one.field, await value(one.value)] as const)),
        );
        const known = new Set(registers.declaration(work.input.register).fields.map(({ id }) => id));
        const strange = Object.keys(set).filter((id) => !known.has(id));
        if (strange.length > 0) throw new RangeError(`register ${work.input.register} has no ${strange.join(', ')}`);
        if (isOther(work)) return { fields: { ...(await aboutSubject(work)), ...set }, children: {} };
        return { fields: { ...(await fieldsOf(work)), ...set }, children: await childrenOf(work) };
      }),

    async handle(trx, work, { fields, children }) {
      const { caseId, case: row, step, visit, input } = work;
      const entry = isOther(work) ? await registers.madeBy(trx, input.register, caseId) : row.subject_id;
      const id = await registers.write(trx, {
        register: input.register,
        ...(entry && { id: entry }),
        fields,
        children,
        caseId,
      });
      await audit.write(trx, {
        caseId,
        action: 'register.written',
        step,
        visit,
        detail: {
          title: row.subject_name,
          register: input.register,
          item: id,
          rows: Object.fromEntries(Object.entries(children).map(([child, { rows }]) => [child, rows.length])),
        },
      });
      return {};
    },
  });
}
