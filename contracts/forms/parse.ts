/** Reads a form as it stands in a package or comes from Camunda Modeler: form-js' own field types become kinds. */
import { z } from 'zod';
import { FileType } from '../flow/flow-json.ts';
import { FormSchema } from './schema.ts';

export interface FormProblem {
  /** Where in the file: `components/2/components/0/key`. */
  path: string;
  zh: string;
  en: string;
}

const fromFormJs: Record<string, string> = {
  checkbox: 'boolean',
  checklist: 'check-list',
  taglist: 'check-list',
  radio: 'choice',
  select: 'choice',
};
/** Things of form-js that only decorate; they are left out. */
const decoration = new Set(['separator', 'spacer', 'button', 'html', 'image', 'iframe', 'documentPreview']);
/** Columns of form-js' grid for one of ours. */
const GRID = 4;
/** Digits that the Modeler allows a number where it says nothing. */
const ITS_DECIMALS = 6;

/** Reads the file of a form. */
export const FormFile = z.preprocess((json) => {
  if (!isObject(json)) return json;
  const fromModeler = 'exporter' in json || 'executionPlatform' in json;
  return { ...json, components: mapAll(json.components, { decimals: fromModeler ? ITS_DECIMALS : undefined }) };
}, FormSchema);

/** The form, or what is wrong with the file. */
export function parseForm(json: unknown): { form: FormSchema } | { problems: FormProblem[] } {
  const result = FormFile.safeParse(json);
  if (result.success) return { form: result.data };
  return {
    problems: result.error.issues.map((issue) => ({
      path: issue.path.map(String).join('/'),
      zh: sayIssue(issue.code, issue.message),
      en: issue.message,
    })),
  };
}

function sayIssue(code: string | undefined, message: string): string {
  if (code === 'custom') return message;
  return code === 'invalid_union' ? '没有这种字段，或字段写得不完整' : `这一处写得不对：${message}`;
}

interface Reading {
  decimals: number | undefined;
  /** True inside a group: another one in it becomes a line and its fields. */
  inGroup?: boolean;
}
type Json = Record<string, unknown>;

function mapAll(components: unknown, reading: Reading): unknown {
  return Array.isArray(components) ? components.flatMap((one, i) => map(one, i, reading)) : components;
}

function map(component: unknown, i: number, reading: Reading): unknown[] {
  if (!isObject(component) || typeof component.type !== 'string') return [component];
  const { type } = component;
  if (decoration.has(type)) return [];
  if (type === 'group') return mapGroup(component, i, reading);
  if (type === 'text' && component.key === undefined)
    return [{ ...component, type: 'note', text: String(component.text ?? '').replace(/^#+\s*/gm, '') }];
  return [common(mapField(component, type, reading))];
}

function mapGroup(group: Json, i: number, reading: Reading): unknown[] {
  const components = mapAll(group.components, { ...reading, inGroup: true });
  if (!reading.inGroup) return [{ ...group, id: group.id ?? `group${i + 1}`, label: group.label ?? '', components }];
  if (!Array.isArray(components)) return [group];
  const hide = isObject(group.conditional) ? group.conditional.hide : undefined;
  const title = group.label ? [{ type: 'note', text: group.label, conditional: group.conditional }] : [];
  return [
    ...title,
    ...components.map((one) => (hide && isObject(one) ? { ...one, conditional: either(hide, one) } : one)),
  ];
}

/** Hidden by a condition around it or by its own. */
function either(around: unknown, { conditional }: Json): Json {
  const own = isObject(conditional) ? conditional.hide : undefined;
  const bare = (condition: unknown) => String(condition).replace(/^=/, '').trim();
  return { hide: own ? `=(${bare(around)}) or (${bare(own)})` : around };
}

function mapField(field: Json, type: string, reading: Reading): Json {
  const validate = isObject(field.validate) ? field.validate : {};
  switch (type) {
    case 'textfield':
      return { ...field, type: { email: 'email', phone: 'phone' }[String(validate.validationType)] ?? 'text' };
    case 'number':
      return { decimalDigits: reading.decimals, ...field };
    case 'datetime': {
      const min = field.disallowPassedDates ? { min: 'today' } : {};
      const label = field.label || field.dateLabel || field.timeLabel;
      const isDay = field.subtype === 'date';
      const kind = { type: isDay ? 'date' : type, subtype: isDay ? undefined : field.subtype };
      return { ...field, ...kind, label, validate: { ...min, ...validate } };
    }
    case 'expression':
      return { ...field, type: 'computed', value: field.expression };
    case 'filepicker': {
      const accept = String(field.accept ?? '')
        .split(/[\s,.]+/)
        .filter((one) => FileType.safeParse(one).success);
      const most = field.multiple === true ? {} : { maxRows: 1 };
      return {
        ...field,
        type: 'files',
        accept: accept.length > 0 ? accept : undefined,
        validate: { ...most, ...validate },
      };
    }
    case 'dynamiclist':
      return {
        ...field,
        type: 'table',
        key: field.path,
        columns: mapAll(field.components, { ...reading, inGroup: true }),
      };
    case 'table': {
      if (!Array.isArray(field.columns) || field.columns.some((one) => isObject(one) && one.type !== undefined))
        return { ...field, columns: mapAll(field.columns, reading) };
      // form-js' table shows a list that something else fills.
      const columns = field.columns.map((one) => ({ ...one, label: one.label || one.key, type: 'text' }));
      return { ...field, key: String(field.dataSource ?? field.key).replace(/^=\s*/, ''), readonly: true, columns };
    }
    default:
      return { ...field, type: fromFormJs[type] ?? type };
  }
}

/** What all fields of form-js write otherwise. */
function common(field: Json): Json {
  const layout = isObject(field.layout) ? field.layout : {};
  const wide = typeof layout.columns === 'number' && layout.columns > GRID;
  return {
    ...field,
    label: field.label || field.key,
    ...(field.disabled === true && { readonly: true }),
    ...(wide && { layout: { columns: Math.ceil((layout.columns as number) / GRID) } }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
