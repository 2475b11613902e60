/** The subject evaluates a closed case once, with the form that its flow names; evaluations are counted (PLT-2.9). */
import type { EvaluationCounts, EvaluationsWaiting, EvaluationView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { checkFields, compileForm, scalarFields, type Field, type FormSchema } from '../../../contracts/forms/index.ts';
import { invalidInput, notAllowed, notFound, problemKind, shanghaiDay, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Knex } from 'knex';

export const evaluatedAlready = problemKind(
  'evaluated-already',
  409,
  '这个办件已经评价过，每件评价一次',
  'This case has been evaluated; each case is evaluated once',
);

/** An applicant is reminded for so many days after the end of a case, of so many cases. */
const ASKED_DAYS = 60;
const MOST_ASKED = 5;

type Data = Record<string, unknown>;

interface Taken {
  flow: string;
  field: string;
  value: string;
  n: string;
}

export interface EvaluationDeps {
  release(id: string): Promise<Release>;
  /** The release of today. */
  current(flow: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
  caseScope(who: Who): (query: Knex.QueryBuilder) => void;
}

export interface Evaluations {
  view(who: Who, caseId: string): Promise<EvaluationView>;
  /** @throws evaluated-already; not-allowed for whoever doesn't act for the subject, or before the case has ended */
  give(who: Who, caseId: string, data: Data): Promise<void>;
  /** What an applicant may evaluate and has not, of what ended in the last 60 days; newest first. */
  waiting(who: Who): Promise<EvaluationsWaiting>;
  /** Over the cases that this person may see. */
  counts(who: Who): Promise<EvaluationCounts>;
}

export function createEvaluations({ db, time }: Core, deps: EvaluationDeps): Evaluations {
  async function readable(who: Who, caseId: string): Promise<{ row: CaseRow; schema: FormSchema | null }> {
    const row: CaseRow | undefined = await db('case').where({ id: caseId }).first();
    if (!row || !(await deps.mayRead(who, row))) throw notFound();
    const { flow, forms } = (await deps.release(row.release_id)).package;
    return { row, schema: (flow.evaluation && forms[flow.evaluation]) || null };
  }

  return {
    async view(who, caseId) {
      const { row, schema } = await readable(who, caseId);
      const given = await db('evaluation').where({ case_id: caseId }).first('data', 'at');
      const shown = given || (row.state === 'closed' && actsFor(who, row));
      return {
        schema: shown ? schema : null,
        given: given ? { data: given.data, at: given.at.toISOString() } : null,
      };
    },

    async give(who, caseId, given) {
      const { row, schema } = await readable(who, caseId);
      if (!schema) throw notFound();
      if (!actsFor(who, row)) throw notAllowed({ zh: '由申请人评价', en: 'The applicant evaluates the case' });
      if (row.state !== 'closed')
        throw notAllowed({ zh: '办结后才能评价', en: 'A case is evaluated once it has ended' });
      const asked = scalarFields(schema);
      const data = Object.fromEntries(Object.entries(given).filter(([name]) => asked.some(({ key }) => key === name)));
      const wrong = checkFields(compileForm(schema), data, { today: shanghaiDay(time.now()), step: null });
      const fields = wrong.filter(({ severity }) => severity === 'error');
      if (fields.length > 0) {
        const names = asked.filter(({ key }) => fields.some(({ path }) => path === key));
        throw invalidInput({
          zh: `填好再提交：${names.map(({ label }) => label).join('、')}`,
          en: `Fill in first: ${names.map(({ label, labelEn }) => labelEn ?? label).join(', ')}`,
          fields: fields.map(({ path, zh, en }) => ({ path, zh, en })),
        });
      }
      const made = await db('evaluation')
        .insert({
          case_id: caseId,
          form: schema.id,
          data: JSON.stringify(data),
          person_id: who.personId,
          at: time.now(),
        })
        .onConflict('case_id')
        .ignore()
        .returning('case_id');
      if (made.length === 0) throw evaluatedAlready();
    },

    async waiting(who) {
      const institutions = who.institutions.map(({ id }) => id);
      const rows: (CaseRow & { closed_at: Date })[] = await db('case as c')
        .leftJoin('evaluation as e', 'e.case_id', 'c.id')
        .where({ 'c.state': 'closed' })
        .whereNull('e.case_id')
        .where('c.closed_at', '>', new Date(time.now().getTime() - ASKED_DAYS * 86_400_000))
        .where((mine) =>
          mine
            .whereIn('c.institution_id', institutions)
            .orWhere((own) => own.whereNull('c.institution_id').where({ 'c.starter': who.personId })),
        )
        .orderBy('c.closed_at', 'desc')
        .limit(50)
        .select('c.*');
      const asked = await Promise.all(
        rows.map(async (row) => ({ row, flow: (await deps.release(row.release_id)).package.flow })),
      );
      return {
        rows: asked
          .filter(({ flow }) => flow.evaluation)
          .slice(0, MOST_ASKED)
          .map(({ row: { id, number, title, closed_at: closedAt } }) => ({
            ...{ id, number, title },
            closedAt: closedAt.toISOString(),
          })),
      };
    },

    async counts(who) {
      const seen = () => db('evaluation as e').join('case as c', 'c.id', 'e.case_id').modify(deps.caseScope(who));
      const [totals, taken]: [{ flow: string; n: string }[], Taken[]] = await Promise.all([
        seen().groupBy('c.flow').orderBy('c.flow').select('c.flow').count({ n: '*' }),
        seen()
          .joinRaw('cross join lateral jsonb_each_text(e.data) as said(field, value)')
          .groupBy('c.flow', 'said.field', 'said.value')
          .select('c.flow', 'said.field', 'said.value')
          .count({ n: '*' }),
      ]);
      const countOf = (flow: string, field: string, value: string) =>
        Number(taken.find((one) => one.flow === flow && one.field === field && one.value === value)?.n ?? 0);
      const flows = totals.map(async ({ flow, n }) => {
        const { flow: declared, forms } = (await deps.current(flow)).package;
        const schema = declared.evaluation && forms[declared.evaluation];
        const choices = schema ? scalarFields(schema).filter(({ type }) => type === 'choice') : [];
        return {
          flow,
          title: declared.title,
          count: Number(n),
          fields: choices.map((field) => ({
            id: field.key,
            label: { zh: field.label, en: field.labelEn ?? field.label },
            options: optionsOf(field).map((option) => ({
              ...option,
              count: countOf(flow, field.key, option.value),
            })),
          })),
        };
      });
      return { flows: await Promise.all(flows) };
    },
  };
}

const optionsOf = ({ values }: Field) =>
  (values ?? []).map(({ value, label, labelEn }) => ({ value, zh: label, en: labelEn ?? label }));

/** Those who act for the subject, or who applied in their own name. */
function actsFor(who: Who, row: CaseRow): boolean {
  if (row.institution_id === null) return row.starter === who.personId;
  return who.institutions.some(({ id }) => id === row.institution_id);
}
