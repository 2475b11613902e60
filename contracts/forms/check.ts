/**
 * The whole check of what a form says by itself: kinds, required fields, conditions, cross-field rules; of the scalar
 * fields and of one row. What needs other rows (doubles, references) is checked where the rows are, on the server.
 */
import type { Finding } from '../api/forms.ts';
import { isEmpty, kinds, type KindContext } from '../kinds/index.ts';
import type { CompiledField, CompiledForm, CompiledRule, CompiledTable } from './compile.ts';
import { isSituation, type ConditionContext } from './conditions.ts';
import type { AnyField, Field, Group } from './schema.ts';
import { isRowDecisions } from './walk.ts';

export interface CheckContext extends ConditionContext, Pick<KindContext, 'division'> {
  /** Rows of the form's tables, for rules that read them; such rules are silent without. */
  tables?: Record<string, Record<string, unknown>[]>;
}

type Data = Record<string, unknown>;
type Where = Finding['where'];

export const isHidden = ({ hides }: CompiledField, data: Data, context: ConditionContext): boolean =>
  hides.some((condition) => condition.evaluate(data, context) === true);

/** Keys that are not shown now, by their own condition or by their group's. */
export function hiddenKeys(form: CompiledForm, data: Data, context: ConditionContext): Set<string> {
  const entries = [...form.fields.values(), ...form.tables.values()];
  return new Set(entries.filter((entry) => isHidden(entry, data, context)).map(({ field }) => field.key));
}

/**
 * True for what nobody may change now: kinds that are not typed, read-only fields, and those that this step hides.
 * What other fields hide may still be saved: they may be on their way in the same moment.
 */
export function isFixed(entry: CompiledField, data: Data, context: ConditionContext): boolean {
  const { field, readonly, hides } = entry;
  if (field.type === 'computed' || field.type === 'signature') return true;
  if (readonly === true || (readonly && readonly.evaluate(data, context) === true)) return true;
  return hides.some((hide) => hide.names.includes('step') && hide.evaluate(data, context) === true);
}

/** Findings of the scalar fields and the form's rules, in order of reading; `only` limits them to these keys. */
export function checkFields(
  form: CompiledForm,
  data: Data,
  context: CheckContext,
  only?: ReadonlySet<string>,
): Finding[] {
  const hidden = hiddenKeys(form, data, context);
  const found: Finding[] = [];
  for (const entry of form.fields.values()) {
    if (hidden.has(entry.field.key)) continue;
    found.push(...checkField(entry, data, context, place(entry.group)));
  }
  const shown = { ...data, ...context.tables };
  for (const rule of form.rules) {
    const at = form.fields.get(rule.path) ?? form.tables.get(rule.path);
    if (hidden.has(rule.path) || !at || waitsForRows(rule, form, context)) continue;
    if (isBroken(rule, shown, context)) found.push(ruleFinding(rule, at.field, rule.path, place(at.group)));
  }
  return only ? found.filter((finding) => only.has(finding.path)) : found;
}

/** Findings of one row; `number` counts from 1 and may be unknown when the result is kept. */
export function checkRow(
  table: CompiledTable,
  row: { id: string; number: number | null; data: Data },
  context: CheckContext,
): Finding[] {
  const where = place(table.group, table.field, row.number);
  const path = `${table.field.key}/${row.id}`;
  const found: Finding[] = [];
  const hidden = new Set<string>();
  for (const column of table.columns) {
    if (isHidden(column, row.data, context)) hidden.add(column.field.key);
    else found.push(...checkField(column, row.data, context, where, path));
  }
  for (const rule of table.rules) {
    const column = table.columns.find((c) => c.field.key === rule.path);
    if (column && !hidden.has(rule.path) && isBroken(rule, row.data, context))
      found.push(ruleFinding(rule, column.field, `${path}/${rule.path}`, where));
  }
  return isRowDecisions(table.field) ? [...found, ...checkRuling(table, row.data, path, where)] : found;
}

/** Values of the computed fields. */
export function computeFields(form: CompiledForm, data: Data, context: ConditionContext): Data {
  const values: Data = {};
  for (const { key, value } of form.computed) {
    const result = value.evaluate({ ...data, ...values }, context);
    values[key] = ['number', 'string', 'boolean'].includes(typeof result) ? result : null;
  }
  return values;
}

/** Names of fields that only another field's reason lives under: `uscc.reason` says why a warned value is right. */
export const reasonKey = (key: string) => `${key}.reason`;

function checkField(entry: CompiledField<Field>, data: Data, context: CheckContext, where: Where, at = ''): Finding[] {
  const { field } = entry;
  const path = at ? `${at}/${field.key}` : field.key;
  const value = data[field.key];
  if (isEmpty(value)) {
    // Files of a required material are asked for with the materials.
    const required =
      !field.material && (field.validate?.required || entry.requiredIf?.evaluate(data, context) === true);
    return required ? [missing(field, path, where)] : [];
  }
  const reason = data[reasonKey(field.key)];
  return kinds[field.type].check(value, field, { ...context, data }).map((finding) => {
    const open = finding.severity === 'warning' && isEmpty(reason);
    const said = finding.severity === 'warning' && !open;
    return {
      path,
      code: open ? 'reason-needed' : finding.code,
      severity: open ? 'error' : finding.severity,
      zh: `${field.label}：${finding.zh}${said ? `。理由：${String(reason)}` : ''}`,
      en: `${field.labelEn ?? field.label}: ${finding.en}${said ? `. Reason: ${String(reason)}` : ''}`,
      basis: null,
      where,
      repair: finding.repair
        ? { zh: finding.repair.zh, en: finding.repair.en, set: { [field.key]: finding.repair.value } }
        : null,
    };
  });
}

/** A row's conclusion asks for the columns that this outcome needs. */
function checkRuling(table: CompiledTable, data: Data, path: string, where: Where): Finding[] {
  const field = table.field;
  if (!isRowDecisions(field)) return [];
  if (isEmpty(data.outcome)) {
    const finding = missing(table.columns[0].field, `${path}/outcome`, where);
    return [
      { ...finding, code: 'undecided', zh: '结论：未作。逐行选择结论', en: 'Conclusion: none yet. Decide this row' },
    ];
  }
  const outcome = field.outcomes.find((o) => o.id === data.outcome);
  return (outcome?.needs ?? [])
    .filter((key) => isEmpty(data[key]))
    .flatMap((key) => table.columns.filter((column) => column.field.key === key))
    .map((column) => {
      const finding = missing(column.field, `${path}/${column.field.key}`, where);
      return {
        ...finding,
        zh: `${column.field.label}：未填。结论为「${outcome!.zh}」的要写明`,
        en: `${column.field.labelEn ?? column.field.label}: needed for "${outcome!.en ?? outcome!.zh}"`,
      };
    });
}

function isBroken(rule: CompiledRule, data: Data, context: ConditionContext): boolean {
  const unknown = (name: string) =>
    isSituation(name) ? name === 'outcome' && !context.outcome : emptyField(data[name]);
  const silent = !rule.when.speaksOfNull && rule.when.names.some(unknown);
  return !silent && rule.when.evaluate(data, context) === true;
}

/** A list without entries is an answer to a rule that counts it. */
const emptyField = (value: unknown) => isEmpty(value) && !Array.isArray(value);

function waitsForRows(rule: CompiledRule, form: CompiledForm, context: CheckContext): boolean {
  return rule.when.names.some((name) => form.tables.has(name) && !context.tables?.[name]);
}

function ruleFinding(rule: CompiledRule, field: AnyField, path: string, where: Where): Finding {
  return {
    path,
    code: rule.id,
    severity: rule.severity,
    zh: `${field.label}：${rule.zh}`,
    en: `${field.labelEn ?? field.label}: ${rule.en}`,
    basis: rule.basis ?? null,
    where,
    repair: null,
  };
}

const notYet: Partial<Record<Field['type'], { zh: string; en: string }>> = {
  choice: { zh: '未选', en: 'nothing chosen' },
  'check-list': { zh: '未勾选', en: 'nothing ticked' },
  boolean: { zh: '未勾选', en: 'not answered' },
  division: { zh: '未选', en: 'nothing chosen' },
  signature: { zh: '未签章', en: 'not sealed' },
  'tree-choice': { zh: '未选', en: 'nothing chosen' },
  person: { zh: '未选', en: 'nobody chosen' },
  organisation: { zh: '未选', en: 'nothing chosen' },
  'register-ref': { zh: '未选', en: 'nothing chosen' },
  files: { zh: '未上传', en: 'not uploaded' },
  photo: { zh: '未拍摄', en: 'not taken' },
  position: { zh: '未定位', en: 'not located' },
  scan: { zh: '未扫码', en: 'not scanned' },
};

function missing(field: Field, path: string, where: Where): Finding {
  const what = notYet[field.type] ?? { zh: '未填', en: 'missing' };
  return {
    path,
    code: 'missing',
    severity: 'error',
    zh: `${field.label}：${what.zh}${field.description ? `。${field.description}` : ''}`,
    en: `${field.labelEn ?? field.label}: ${what.en}`,
    basis: null,
    where,
    repair: null,
  };
}

/** Where a person finds it: the group, and in a table the row. */
export function place(group: Group | null, table?: AnyField, row: number | null = null): Where {
  const zh = table?.label ?? group?.label ?? '';
  const en = table ? (table.labelEn ?? table.label) : (group?.labelEn ?? group?.label ?? '');
  return {
    zh: row === null ? zh : `${zh}　第 ${row} 行`,
    en: row === null ? en : `${en}, row ${row}`,
    group: group?.id ?? null,
    row,
  };
}
