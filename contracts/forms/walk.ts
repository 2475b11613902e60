/** Ways through a form: its fields in order, its tables, where a field stands. */
import type { AnyField, Component, Field, FormSchema, Group, RowDecisionsField, TableField } from './schema.ts';

export const isTable = (f: { type: string }): f is TableField => f.type === 'table';
export const isRowDecisions = (f: { type: string }): f is RowDecisionsField => f.type === 'row-decisions';
export const isScalar = (f: { type: string }): f is Field =>
  !isTable(f) && !isRowDecisions(f) && f.type !== 'note' && f.type !== 'group';

/** Components in order; `group` is null outside any group. */
export function components(form: FormSchema): { component: Component; group: Group | null }[] {
  return form.components.flatMap((c) =>
    c.type === 'group'
      ? c.components.map((component) => ({ component, group: c as Group | null }))
      : [{ component: c, group: null }],
  );
}

/** Everything with a key, in order of reading. */
export function allFields(form: FormSchema): { field: AnyField; group: Group | null }[] {
  return components(form).flatMap(({ component, group }) =>
    component.type === 'note' ? [] : [{ field: component, group }],
  );
}

/** Fields whose values stand in the form's data. */
export function scalarFields(form: FormSchema): Field[] {
  return allFields(form)
    .map((f) => f.field)
    .filter(isScalar);
}

/** Fields whose values stand in rows of their own. */
export function rowFields(form: FormSchema): (TableField | RowDecisionsField)[] {
  return allFields(form)
    .map((f) => f.field)
    .filter((f) => isTable(f) || isRowDecisions(f));
}

export function findField(form: FormSchema, key: string): AnyField | undefined {
  return allFields(form).find((f) => f.field.key === key)?.field;
}

export function groupOf(form: FormSchema, key: string): Group | null {
  return allFields(form).find((f) => f.field.key === key)?.group ?? null;
}

/** Columns of a table's or ruling's rows. For rulings `outcome` comes first, a choice among its outcomes. */
export function columnsOf(field: TableField | RowDecisionsField): Field[] {
  if (isTable(field)) return field.columns;
  return [
    {
      type: 'choice',
      key: 'outcome',
      label: '结论',
      labelEn: 'Conclusion',
      values: field.outcomes.map((o) => ({ value: o.id, label: o.zh, labelEn: o.en })),
    },
    ...field.columns,
  ];
}

/** The unit after a value, `m²`. */
export const unitOf = (field: Field): string | undefined => field.appearance?.suffixAdorner;
