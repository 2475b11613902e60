/** A form made ready for checking: its conditions parsed once, its fields found by key. */
import { compileCondition, type Condition } from './conditions.ts';
import type { AnyField, Field, FormSchema, Group, RowDecisionsField, Rule, TableField } from './schema.ts';
import { allFields, columnsOf, isScalar, isTable } from './walk.ts';

export interface CompiledRule extends Omit<Rule, 'when'> {
  when: Condition;
}

export interface CompiledField<F extends AnyField = AnyField> {
  field: F;
  group: Group | null;
  /** Its own condition and its group's; one that is true hides it. */
  hides: Condition[];
  requiredIf: Condition | null;
  readonly: Condition | boolean;
}

export interface CompiledTable extends CompiledField<TableField | RowDecisionsField> {
  columns: CompiledField<Field>[];
  rules: CompiledRule[];
}

export interface CompiledForm {
  schema: FormSchema;
  fields: Map<string, CompiledField<Field>>;
  tables: Map<string, CompiledTable>;
  computed: { key: string; value: Condition }[];
  rules: CompiledRule[];
  groups: Map<Group, Condition>;
}

export function compileForm(schema: FormSchema): CompiledForm {
  const form: CompiledForm = {
    schema,
    fields: new Map(),
    tables: new Map(),
    computed: [],
    rules: compileRules(schema.rules),
    groups: new Map(),
  };
  for (const { field, group } of allFields(schema)) {
    if (group?.conditional?.hide && !form.groups.has(group))
      form.groups.set(group, compileCondition(group.conditional.hide));
    const around = group ? form.groups.get(group) : undefined;
    if (isScalar(field)) {
      form.fields.set(field.key, compileField(field, group, around));
      if (field.value) form.computed.push({ key: field.key, value: compileCondition(field.value) });
    } else {
      form.tables.set(field.key, {
        ...compileField(field, group, around),
        columns: columnsOf(field).map((column) => compileField(column, null)),
        rules: compileRules(isTable(field) ? field.rules : undefined),
      });
    }
  }
  return form;
}

function compileField<F extends AnyField>(field: F, group: Group | null, around?: Condition): CompiledField<F> {
  const own = field.conditional?.hide;
  return {
    field,
    group,
    hides: [...(own ? [compileCondition(own)] : []), ...(around ? [around] : [])],
    requiredIf: field.requiredIf ? compileCondition(field.requiredIf) : null,
    readonly: typeof field.readonly === 'string' ? compileCondition(field.readonly) : (field.readonly ?? false),
  };
}

function compileRules(rules: Rule[] = []): CompiledRule[] {
  return rules.map((rule) => ({ ...rule, when: compileCondition(rule.when) }));
}
