import {
  allFields,
  compileCondition,
  findField,
  formProblems,
  isRowDecisions,
  isTable,
  scalarFields,
  type FormSchema,
} from '../../../../contracts/forms/index.ts';
import type { PackageRule, Reported, Subject } from '../check.ts';

/** What forms say by themselves, what they say of one another, and the conditions of materials. */
export const forms: PackageRule = {
  code: 'form',
  check(subject) {
    const { forms: known } = subject.packed;
    return [
      ...Object.entries(known).flatMap(([id, form]) => {
        const file = `forms/${id}.form.json`;
        const own = formProblems(form).map(({ path, zh, en }) => ({ file, element: path, zh, en }));
        return [...own, ...rulings(form, known).map((reported) => ({ file, ...reported }))];
      }),
      ...materials(subject),
    ];
  },
};

/** `application.capabilities`: a table of another form. */
function rulings(form: FormSchema, known: Record<string, FormSchema>): Reported[] {
  return allFields(form)
    .map(({ field }) => field)
    .filter(isRowDecisions)
    .flatMap(({ key, of, show }) => {
      const [other = '', table = ''] = of.split('.');
      const decided = known[other] && findField(known[other], table);
      if (!decided || !isTable(decided)) return [{ element: key, zh: `没有表格 ${of}`, en: `There is no table ${of}` }];
      return show
        .filter((column) => !decided.columns.some((c) => c.key === column))
        .map((column) => ({ element: key, zh: `${of} 没有列 ${column}`, en: `${of} has no column ${column}` }));
    });
}

function materials({ source: { flow }, packed: { forms: known } }: Subject): Reported[] {
  const form = known[flow.form];
  const fields = new Set(form ? scalarFields(form).map((field) => field.key) : []);
  return flow.materials
    .filter((item) => item.when)
    .flatMap((item) => {
      const { problem, names } = compileCondition(item.when!);
      const unknown = names.filter((name) => !fields.has(name));
      const what = problem ?? unknown.join('、');
      if (what === '') return [];
      const en = problem ? `The condition cannot be read: ${what}` : `The form has no field ${what}`;
      const zh = problem ? `条件读不懂：${what}` : `表单没有字段 ${what}`;
      return [{ file: 'flow.json', element: `materials/${item.id}`, zh, en }];
    });
}
