/** What is wrong with a form before it is released: names, conditions, references. */
import { evaluate } from 'feelin';
import { compileForm, type CompiledField, type CompiledForm } from './compile.ts';
import { conditionFunctions, isSituation, type Condition } from './conditions.ts';
import { parseForm, type FormProblem } from './parse.ts';
import type { AnyField, Field } from './schema.ts';
import { allFields, columnsOf, isRowDecisions, isTable } from './walk.ts';

/** Everything wrong with a form's file; empty when it may be released. Forms of one package may refer to one another. */
export function formProblems(json: unknown): FormProblem[] {
  const parsed = parseForm(json);
  if ('problems' in parsed) return parsed.problems;
  const form = compileForm(parsed.form);
  const problems: FormProblem[] = [
    ...checkKeys(
      allFields(parsed.form).map((f) => f.field),
      '',
    ),
  ];
  const scalars = new Map([...form.fields].map(([key, entry]) => [key, entry.field]));
  const scope = { fields: scalars, tables: new Set(form.tables.keys()) };
  for (const [group, hide] of form.groups) problems.push(...checkCondition(hide, `${group.id}/hide`, scope, false));
  for (const entry of form.fields.values()) problems.push(...checkField(entry, entry.field.key, scope, form));
  for (const { key, value } of form.computed) problems.push(...checkCondition(value, `${key}/value`, scope, false));
  for (const table of form.tables.values()) {
    const { field } = table;
    const columns = new Map(columnsOf(field).map((column) => [column.key, column]));
    const inner = { fields: columns, tables: new Set<string>() };
    problems.push(...checkKeys(field.columns, `${field.key}/`), ...checkOwn(table, field.key, scope));
    for (const column of table.columns)
      problems.push(...checkField(column, `${field.key}/${column.field.key}`, inner, form));
    for (const rule of table.rules) {
      problems.push(...checkCondition(rule.when, `${field.key}/rules/${rule.id}`, inner, false));
      if (!columns.has(rule.path)) problems.push(unknown(`${field.key}/rules/${rule.id}/path`, rule.path));
    }
    for (const key of namedColumns(field)) if (!columns.has(key)) problems.push(unknown(`${field.key}/${key}`, key));
  }
  for (const rule of form.rules) {
    problems.push(...checkCondition(rule.when, `rules/${rule.id}`, scope, true));
    if (!scalars.has(rule.path) && !form.tables.has(rule.path))
      problems.push(unknown(`rules/${rule.id}/path`, rule.path));
  }
  return problems;
}

interface Scope {
  fields: Map<string, Field>;
  tables: Set<string>;
}

const unknown = (path: string, name: string): FormProblem => ({
  path,
  zh: `没有「${name}」这一项。改为已有字段的 key`,
  en: `There is no field "${name}"`,
});

function namedColumns(field: AnyField): string[] {
  if (isTable(field)) return [...(field.unique ?? []), ...(field.scan ? [field.scan] : [])];
  if (isRowDecisions(field)) return field.outcomes.flatMap((outcome) => outcome.needs ?? []);
  return [];
}

function checkKeys(fields: AnyField[], at: string): FormProblem[] {
  const seen = new Set<string>();
  return fields.flatMap(({ key }) => {
    const taken = seen.has(key) || isSituation(key) || key in {};
    seen.add(key);
    return taken ? [{ path: `${at}${key}`, zh: `key「${key}」重复或不能用。换一个`, en: `Key "${key}" is taken` }] : [];
  });
}

function checkField(entry: CompiledField<Field>, path: string, scope: Scope, form: CompiledForm): FormProblem[] {
  const { field } = entry;
  const problems = checkOwn(entry, path, scope);
  const add = (zh: string, en: string) => problems.push({ path, zh, en });
  if ((field.type === 'choice' || field.type === 'check-list') && !field.values?.length && !field.itemsBy)
    add('没有可选项。补上 values', 'Options (values) are missing');
  if (field.type === 'tree-choice' && !field.tree?.length) add('没有可选项。补上 tree', 'Options (tree) are missing');
  if (field.type === 'register-ref' && !field.register) add('缺少 register：从哪个登记库选', 'The register is missing');
  const named = { itemsBy: field.itemsBy?.by, to: field.to };
  for (const [word, key] of Object.entries(named))
    if (key && !scope.fields.has(key)) problems.push(unknown(`${path}/${word}`, key));
  for (const key of Object.keys(field.fills ?? {}))
    if (!scope.fields.has(key)) problems.push(unknown(`${path}/fills/${key}`, key));
  if (field.to && scope.fields.get(field.to) && scope.fields.get(field.to)?.type !== 'map-point')
    add(`to 要指向一个 map-point 字段，「${field.to}」不是`, `"${field.to}" is no map point`);
  if (field.type === 'computed' && !field.value) add('缺少 value 表达式', 'The expression (value) is missing');
  if (field.idType && !scope.fields.has(field.idType)) problems.push(unknown(`${path}/idType`, field.idType));
  if (field.refers) {
    const [table, column] = field.refers.split('.');
    const target = form.tables.get(table)?.columns.some((c) => c.field.key === column);
    if (!target) problems.push(unknown(`${path}/refers`, field.refers));
  }
  if (field.validate?.pattern !== undefined && !isPattern(field.validate.pattern))
    add(`pattern「${field.validate.pattern}」不是正则表达式`, 'The pattern is no regular expression');
  return problems;
}

function checkOwn(entry: CompiledField, path: string, scope: Scope): FormProblem[] {
  return [
    ...entry.hides
      .slice(0, entry.field.conditional?.hide ? 1 : 0)
      .flatMap((hide) => checkCondition(hide, `${path}/hide`, scope, false)),
    ...(typeof entry.readonly === 'object' ? checkCondition(entry.readonly, `${path}/readonly`, scope, false) : []),
    ...(entry.requiredIf ? checkCondition(entry.requiredIf, `${path}/requiredIf`, scope, false) : []),
  ];
}

function checkCondition(condition: Condition, path: string, scope: Scope, mayReadTables: boolean): FormProblem[] {
  if (condition.problem !== null)
    return [{ path, zh: `表达式写得不对：${condition.problem}`, en: `The expression is wrong: ${condition.problem}` }];
  const problems: FormProblem[] = [];
  for (const name of condition.names) {
    if (scope.tables.has(name)) {
      if (!mayReadTables)
        problems.push({
          path,
          zh: `这里不能读表格「${name}」，只有 rules 可以`,
          en: `Only rules may read table "${name}"`,
        });
    } else if (!isSituation(name) && !scope.fields.has(name)) problems.push(unknown(path, name));
  }
  const nulls = Object.fromEntries(condition.names.map((name) => [name, null]));
  const { warnings } = evaluate(condition.text, { ...conditionFunctions('2026-01-01'), ...nulls });
  if (warnings.some((warning) => warning.type === 'NO_FUNCTION_FOUND' || warning.type === 'UNSUPPORTED'))
    problems.push({ path, zh: '表达式用了没有的函数', en: 'The expression calls an unknown function' });
  const decimal = condition.names.find((name) => scope.fields.get(name)?.decimalDigits);
  if (decimal && /[^<>=!]\s[-+]\s/.test(condition.text))
    problems.push({
      path,
      zh: `「${decimal}」有小数，用 sum([…]) 相加，不用加号：0.1 + 0.2 不等于 0.3`,
      en: `"${decimal}" has decimals: add with sum([…])`,
    });
  return problems;
}

function isPattern(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}
