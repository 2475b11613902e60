/** A form as the server uses it: compiled conditions, and JSON Schema checked by ajv for the shape of what is sent. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import localize from 'ajv-i18n';
import {
  compileForm,
  reasonKey,
  type CompiledForm,
  type Field,
  type FormSchema,
} from '../../../contracts/forms/index.ts';
import { kinds } from '../../../contracts/kinds/index.ts';
import type { FieldProblem } from '../core/index.ts';

export interface ServerForm extends CompiledForm {
  /** What has the wrong shape in values for the form's fields, or for a table's columns; unknown keys included. */
  shape(values: Record<string, unknown>, table?: string): FieldProblem[];
}

export type Forms = (schema: FormSchema) => ServerForm;

/** Each schema object is compiled once; those of a release never change. */
export function createCompiler(): Forms {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const known = new WeakMap<FormSchema, ServerForm>();
  return (schema) => {
    const seen = known.get(schema);
    if (seen) return seen;
    const form = compileForm(schema);
    const scalars = shapeOf(
      ajv,
      [...form.fields.values()].map((entry) => entry.field),
    );
    const tables = new Map(
      [...form.tables].map(([key, table]) => [
        key,
        shapeOf(
          ajv,
          table.columns.map((column) => column.field),
        ),
      ]),
    );
    const compiled = {
      ...form,
      shape: (values: Record<string, unknown>, table?: string) =>
        (table === undefined ? scalars : tables.get(table)!)(values),
    };
    known.set(schema, compiled);
    return compiled;
  };
}

type Shape = (values: Record<string, unknown>) => FieldProblem[];

function shapeOf(ajv: Ajv2020, fields: Field[]): Shape {
  const labels = new Map(fields.map((field) => [field.key, field]));
  const reason = { type: ['string', 'null'], maxLength: 1000 };
  const check = ajv.compile({
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      fields.flatMap((field) => [
        [field.key, { anyOf: [{ type: 'null' }, kinds[field.type].jsonSchema(field)] }],
        [reasonKey(field.key), reason],
      ]),
    ),
  });
  return (values) => [...storable(values), ...misshapen(check, values, labels)];
}

function misshapen(
  check: ValidateFunction,
  values: Record<string, unknown>,
  labels: Map<string, Field>,
): FieldProblem[] {
  if (check(values)) return [];
  const errors = (check.errors ?? []).filter((error) => error.keyword !== 'anyOf' && !isOther(error));
  const english = errors.map((error) => error.message ?? '');
  localize.zh(errors);
  return errors.map((error, i) => {
    if (error.keyword === 'additionalProperties') {
      const name = String(error.params.additionalProperty);
      return { path: name, zh: `没有「${name}」这一项。去掉它`, en: `There is no field "${name}"` };
    }
    const key = error.instancePath.split('/')[1] ?? '';
    const label = labels.get(key)?.label ?? key;
    const en = labels.get(key)?.labelEn ?? label;
    return { path: key, zh: `${label}：值的类型不对，${error.message ?? ''}`, en: `${en}: ${english[i]}` };
  });
}

/** The "or empty" half of each field's schema says nothing to anybody. */
const isOther = (error: { keyword: string; params: Record<string, unknown> }) =>
  error.keyword === 'type' && error.params.type === 'null';

/** PostgreSQL keeps neither U+0000 nor halves of surrogate pairs. */
function storable(values: Record<string, unknown>): FieldProblem[] {
  return Object.entries(values)
    .filter(([key, value]) => /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(JSON.stringify([key, value])))
    .map(([key]) => ({
      path: key,
      zh: '含有无法保存的字符。删去重新输入',
      en: 'Holds characters that cannot be stored',
    }));
}
