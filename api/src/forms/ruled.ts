import type { CompiledFlow } from '../../../contracts/flow.ts';
import {
  allFields,
  isRowDecisions,
  isTable,
  type Field,
  type RowDecisionsField,
  type TableField,
} from '../../../contracts/forms/index.ts';
import { isEmpty, kinds } from '../../../contracts/kinds/index.ts';

/** What is read of a case's forms; offered by the forms area. */
export interface CaseForms {
  read(owner: string, form: string, version?: number): Promise<{ data: Record<string, unknown> }>;
  rows(owner: string, form: string, table: string): Promise<FormRow[]>;
}

/** Forms that are read as they stand now. */
export interface ReadForms {
  read(owner: string, form: string): Promise<{ data: Record<string, unknown> }>;
  rows(owner: string, form: string, table: string): Promise<FormRow[]>;
}

/** For readers of many forms and tables of one case or draft. */
export interface WholeForms {
  /** All forms and tables of the owner, read at once; those of another owner are empty. */
  whole(owner: string): Promise<ReadForms>;
}

export interface FormRow {
  rowId: string;
  position: number;
  data: Record<string, unknown>;
}

/** A row that was applied for, with what the review said about it. */
export interface Ruled {
  rowId: string;
  /** Values of the row, and over them those of its ruling (`restriction`, `reason`, `clause`). */
  values: Record<string, unknown>;
  outcome: string | null;
  approved: boolean;
}

export interface Rulings {
  table: TableField;
  /** Columns of row and ruling, to print values by. */
  columns: Field[];
  rows: Ruled[];
}

const REFUSED = 'notApproved';

/**
 * The rows of a table (`application.capabilities`) as the latest review decided them. A row that nobody ruled on is
 * not approved; where no form of the flow rules on this table, all rows are.
 * @throws RangeError where the flow has no such table
 */
export async function readRulings(
  forms: ReadForms,
  { forms: schemas }: CompiledFlow,
  caseId: string,
  of: string,
): Promise<Rulings> {
  const [form, key] = of.split('.');
  const table = schemas[form] && allFields(schemas[form]).find(({ field }) => field.key === key)?.field;
  if (!table || !isTable(table)) throw new RangeError(`no table ${of}`);
  const rows = await forms.rows(caseId, form, key);
  const ruling = findRuling(schemas, of);
  if (!ruling)
    return {
      table,
      columns: table.columns,
      rows: rows.map(({ rowId, data }) => ({ rowId, values: data, outcome: null, approved: true })),
    };
  const said = await forms.rows(caseId, ruling.form, ruling.field.key);
  const byRow = new Map(said.map((row) => [row.rowId, row.data]));
  return {
    table,
    columns: [...table.columns, ...ruling.field.columns],
    rows: rows.map(({ rowId, data }) => {
      const { outcome = null, ...added } = byRow.get(rowId) ?? {};
      return {
        rowId,
        values: { ...data, ...added },
        outcome: outcome as string | null,
        approved: outcome !== null && outcome !== REFUSED,
      };
    }),
  };
}

function findRuling(
  schemas: CompiledFlow['forms'],
  of: string,
): { form: string; field: RowDecisionsField } | undefined {
  for (const [form, schema] of Object.entries(schemas))
    for (const { field } of allFields(schema)) if (isRowDecisions(field) && field.of === of) return { form, field };
}

/** A value as people read it on paper; empty text where there is none. */
export function printed(columns: Field[], values: Record<string, unknown>, key: string): string {
  const field = columns.find((column) => column.key === key);
  const value = values[key];
  if (isEmpty(value)) return '';
  return field ? kinds[field.type].format(value, field, 'zh') : String(value);
}
