/**
 * The format of a form: form-js' schema with the product's field kinds. `parseForm` reads a file as it stands in a
 * flow package (or as Camunda Modeler writes it) and gives back this shape, with form-js' own types mapped to kinds.
 */
import { z } from 'zod';
import { FileType } from '../flow/flow-json.ts';

/** Keys name fields in conditions too, so they are plain names. */
const Key = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/);
/** `=` and a FEEL expression. */
const Condition = z.string().regex(/^=\s*\S/);
const Texts = z.object({ zh: z.string(), en: z.string() });

export const Option = z.object({ value: z.string().min(1), label: z.string().min(1), labelEn: z.string().optional() });
export type Option = z.infer<typeof Option>;

/** An option with those below it; `any` fields may choose one that has some. */
export interface TreeOption extends Option {
  children?: TreeOption[];
}
export const TreeOption: z.ZodType<TreeOption> = Option.extend({
  get children() {
    return z.array(TreeOption).optional();
  },
});

export const Validation = z.object({
  required: z.boolean().optional(),
  /** Smallest and largest value of a number or of money (fen); first and last day of a date. */
  min: z.union([z.number(), z.string()]).optional(),
  max: z.union([z.number(), z.string()]).optional(),
  minLength: z.number().int().optional(),
  maxLength: z.number().int().optional(),
  pattern: z.string().optional(),
  /** How to mend a value that does not fit the pattern. */
  patternText: Texts.optional(),
  /** Fewest and most rows of a table. */
  minRows: z.number().int().optional(),
  maxRows: z.number().int().optional(),
});

const base = {
  key: Key,
  label: z.string().min(1),
  labelEn: z.string().optional(),
  description: z.string().optional(),
  validate: Validation.optional(),
  properties: z.record(z.string(), z.string()).optional(),
  /** True: the field is not shown, not required and its value is not checked. */
  conditional: z.object({ hide: Condition.optional() }).optional(),
  requiredIf: Condition.optional(),
  /** The field is shown and not changed here; `=` and a FEEL expression, which may read `step`, says when. */
  readonly: z.union([z.boolean(), Condition]).optional(),
  layout: z.object({ columns: z.number().int().nullish() }).optional(),
};

/** Kinds whose value is one thing in the form's data. */
export const scalarKinds = [
  'text',
  'textarea',
  'number',
  'money',
  'date',
  'month',
  'boolean',
  'choice',
  'check-list',
  'division',
  'uscc',
  'person-id',
  'phone',
  'email',
  'standard-no',
  'computed',
  'signature',
  'datetime',
  'date-range',
  'tree-choice',
  'person',
  'organisation',
  'register-ref',
  'files',
  'photo',
  'map-point',
  'position',
  'rich-text',
  'scan',
] as const;
export type ScalarKind = (typeof scalarKinds)[number];

export const Field = z.object({
  ...base,
  type: z.enum(scalarKinds),
  /** What an empty form begins with. */
  defaultValue: z.unknown().optional(),
  values: z.array(Option).optional(),
  /** Digits after the point that a number may have; 0 when absent. */
  decimalDigits: z.number().int().min(0).max(6).optional(),
  /** form-js' place for a unit: `{ suffixAdorner: 'm²' }`. */
  appearance: z.object({ prefixAdorner: z.string().optional(), suffixAdorner: z.string().optional() }).optional(),
  /** `phone`: which numbers are taken; both when absent. */
  phone: z.enum(['mobile', 'landline']).optional(),
  /** `person-id`: key of the field beside it that says the type of document; only `resident` (or none) is checked by GB 11643. */
  idType: Key.optional(),
  /** `division`: the level that must be chosen; any when absent. */
  level: z.enum(['province', 'city', 'county']).optional(),
  /** `check-list`: answers that each item takes (`conform`, `nonConform` …); absent: items are ticked. */
  answers: z.array(Option).optional(),
  /** `check-list`: its items by the value of the field `by` beside it, in place of `values`. */
  itemsBy: z.object({ by: Key, items: z.record(z.string(), z.array(Option)) }).optional(),
  /** `tree-choice`: the options, each with those below it. */
  tree: z.array(TreeOption).optional(),
  /** `tree-choice`: one that has others below it may be chosen too. */
  anyLevel: z.boolean().optional(),
  /** `datetime`: a time of day alone, or a moment to the minute (default). */
  subtype: z.enum(['datetime', 'time']).optional(),
  /** `person`: people who hold this role; default: all of the offices of whoever chooses. */
  role: z.string().optional(),
  /** `register-ref`: the register. */
  register: z.string().optional(),
  /** `register-ref`: fields beside it that the chosen entry fills, by their keys: `{ "uscc": "uscc" }` (field: register's field). */
  fills: z.record(Key, z.string()).optional(),
  /** `files`: the required material of the flow whose files are shown at this place. */
  material: z.string().optional(),
  /** `files`: endings that are taken; default pdf, jpg, png, docx, xlsx. */
  accept: z.array(FileType).optional(),
  /** `photo`: films may be taken too. */
  video: z.boolean().optional(),
  /** `position`: key of the `map-point` beside it that the distance is measured to. */
  to: Key.optional(),
  /** `position`: metres; a larger distance needs a reason. */
  within: z.number().positive().optional(),
  /** `computed`: `=` and a FEEL expression over the form's fields. */
  value: Condition.optional(),
  /** Column that names rows of another table of the form: `sites.code`; several, comma separated, when `many`. */
  refers: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]*\.[A-Za-z][A-Za-z0-9_]*$/)
    .optional(),
  /** Several: rows that `refers` names, people, organisations, entries of a register. */
  many: z.boolean().optional(),
});
export type Field = z.infer<typeof Field>;

/** A cross-field rule: `when` true means wrong. It is silent while a field that it reads is empty, unless it speaks of null. */
export const Rule = z.object({
  id: z.string().min(1),
  when: Condition,
  /** Key of the field that the finding points at. */
  path: z.string().min(1),
  zh: z.string().min(1),
  en: z.string().min(1),
  /** Law and article. */
  basis: z.string().optional(),
  severity: z.enum(['error', 'warning']).default('error'),
});
export type Rule = z.infer<typeof Rule>;

export const TableField = z.object({
  ...base,
  type: z.literal('table'),
  columns: z.array(Field).min(1),
  /** Child of the subject's register that fills the table, and that a grant writes back to. */
  rowsFrom: z.string().optional(),
  /** Child of the subject's register that a grant adds the rows to; nothing fills the table. */
  rowsTo: z.string().optional(),
  /** Offers template, import and export as Excel. */
  import: z.boolean().optional(),
  /** Columns that together name a row: no two rows may share them, and an import finds the row by them. */
  unique: z.array(Key).optional(),
  /** Column that a scanned code is put into: a button adds a row by scanning. */
  scan: Key.optional(),
  /** Cross-column rules of one row. */
  rules: z.array(Rule).optional(),
});
export type TableField = z.infer<typeof TableField>;

/** What may be said about a row; `needs` names the columns that this outcome must fill. */
export const RowOutcome = z.object({
  id: Key,
  zh: z.string().min(1),
  en: z.string().optional(),
  needs: z.array(Key).optional(),
});
export type RowOutcome = z.infer<typeof RowOutcome>;

/** Decides each row of another form's table; the rows carry the ids of the decided ones, `outcome` and the columns. */
export const RowDecisionsField = z.object({
  ...base,
  type: z.literal('row-decisions'),
  /** `application.capabilities` */
  of: z.string().regex(/^[a-z][a-z0-9-]*\.[A-Za-z][A-Za-z0-9_]*$/),
  show: z.array(Key),
  outcomes: z.array(RowOutcome).min(1),
  columns: z.array(Field),
});
export type RowDecisionsField = z.infer<typeof RowDecisionsField>;

/** Fixed text between the fields (form-js' `text`). */
export const Note = z.object({
  type: z.literal('note'),
  text: z.string(),
  textEn: z.string().optional(),
  conditional: z.object({ hide: Condition.optional() }).optional(),
});
export type Note = z.infer<typeof Note>;

export const Component = z.discriminatedUnion('type', [Field, TableField, RowDecisionsField, Note]);
export type Component = z.infer<typeof Component>;
export type AnyField = Field | TableField | RowDecisionsField;

export const Group = z.object({
  type: z.literal('group'),
  id: z.string().min(1),
  label: z.string(),
  labelEn: z.string().optional(),
  conditional: z.object({ hide: Condition.optional() }).optional(),
  components: z.array(Component),
});
export type Group = z.infer<typeof Group>;

export const FormSchema = z.object({
  type: z.literal('default'),
  id: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/),
  title: z.string().optional(),
  titleEn: z.string().optional(),
  schemaVersion: z.number().optional(),
  components: z.array(z.discriminatedUnion('type', [Group, Field, TableField, RowDecisionsField, Note])),
  rules: z.array(Rule).optional(),
});
export type FormSchema = z.infer<typeof FormSchema>;
