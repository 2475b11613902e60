/** Reads a form as it stands in a package or comes from Camunda Modeler: form-js' own field types become kinds. */
import { z } from 'zod';
import { FormSchema } from './schema.ts';

export interface FormProblem {
  /** Where in the file: `components/2/components/0/key`. */
  path: string;
  zh: string;
  en: string;
}

const fromFormJs: Record<string, string> = {
  textfield: 'text',
  checkbox: 'boolean',
  checklist: 'check-list',
  taglist: 'check-list',
  radio: 'choice',
  select: 'choice',
  expression: 'computed',
  dynamiclist: 'table',
};
/** Things of form-js that only decorate; they are left out. */
const decoration = new Set(['separator', 'spacer', 'button', 'html', 'image', 'iframe']);

/** Reads the file of a form. */
export const FormFile = z.preprocess(
  (json) => (isObject(json) ? { ...json, components: mapAll(json.components) } : json),
  FormSchema,
);

/** The form, or what is wrong with the file. */
export function parseForm(json: unknown): { form: FormSchema } | { problems: FormProblem[] } {
  const result = FormFile.safeParse(json);
  if (result.success) return { form: result.data };
  return {
    problems: result.error.issues.map((issue) => ({
      path: issue.path.map(String).join('/'),
      zh: issue.code === 'invalid_union' ? '没有这种字段，或字段写得不完整' : `这一处写得不对：${issue.message}`,
      en: issue.message,
    })),
  };
}

function mapAll(components: unknown): unknown {
  return Array.isArray(components) ? components.map(map).filter((c) => c !== null) : components;
}

function map(component: unknown): unknown {
  if (!isObject(component) || typeof component.type !== 'string') return component;
  const type = component.type;
  if (decoration.has(type)) return null;
  if (type === 'group') return { ...component, components: mapAll(component.components) };
  if (type === 'text' && component.key === undefined) return { ...component, type: 'note' };
  if (type === 'datetime') return { ...component, type: component.subtype === 'date' ? 'date' : 'datetime' };
  if (type === 'expression') return { ...component, type: 'computed', value: component.expression };
  if (type === 'dynamiclist')
    return { ...component, type: 'table', key: component.path, columns: mapAll(component.components) };
  if (type === 'table') return { ...component, columns: mapAll(component.columns) };
  return { ...component, type: fromFormJs[type] ?? type };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
