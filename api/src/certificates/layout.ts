import { z } from 'zod';
import { CertificateChange } from '../../../contracts/certificate-life.ts';
import type { AnnexData } from '../../../contracts/certificate.ts';
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { printed, readRulings, type ReadForms, type Ruled, type Rulings } from '../forms/index.ts';

const Path = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][A-Za-z0-9]*$/);

/** How a certificate is made from the forms of a case: `templates/<…>/certificate.json`. */
export const CertificateLayout = z.strictObject({
  /** The same for all flows that give or change this certificate. */
  kind: z.string(),
  holder: z.strictObject({ name: Path, uscc: Path, address: Path }),
  /** Parts of the number's pattern → the field that has them. */
  number: z.record(z.string(), Path),
  /** What may be done with it from its card: who may, at the office that issued it, and the document that says so. */
  changes: z
    .partialRecord(
      CertificateChange,
      z.strictObject({
        roles: z.array(z.string().min(1)).min(1),
        /** Law and article that it usually rests on. */
        articles: z.array(z.string().min(1)).default([]),
        /** Id in `documents.json`. */
        document: z.string().min(1).optional(),
      }),
    )
    .default({}),
  annexes: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      /** Columns that together name a row: an extension replaces the row of the same name. */
      key: z.array(z.string()).min(1),
      /** Table whose approved rows it lists. */
      of: Path,
      /** One annex per value; `named` finds the row of another table that has this value, `name` are its columns. */
      split: z.array(
        z.strictObject({
          by: z.string(),
          named: z
            .string()
            .regex(/^[a-z][a-z0-9-]*\.[a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9]*$/)
            .optional(),
          name: z.array(z.string()).optional(),
        }),
      ),
      columns: z.array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          /** Columns of the table and of its ruling. */
          from: z.array(z.string()),
          /** A remark that the law asks for. */
          where: z.strictObject({ key: z.string(), is: z.string(), add: z.string() }).optional(),
        }),
      ),
    }),
  ),
});
export type CertificateLayout = z.infer<typeof CertificateLayout>;
type Annex = CertificateLayout['annexes'][number];
type Split = Annex['split'][number];

/** The value of `form.field` in a case, as text. */
export async function valueAt(forms: ReadForms, caseId: string, path: string): Promise<string> {
  const [form, field] = path.split('.');
  const value = (await forms.read(caseId, form)).data[field];
  return value === null || value === undefined ? '' : String(value);
}

/** Annexes of the rows that were approved, never of those that were applied for. */
export async function buildAnnexes(
  forms: ReadForms,
  flow: CompiledFlow,
  caseId: string,
  layout: CertificateLayout,
): Promise<AnnexData[]> {
  const built: AnnexData[] = [];
  for (const annex of layout.annexes) {
    const rulings = await readRulings(forms, flow, caseId, annex.of);
    const parts = new Map<string, Ruled[]>();
    for (const row of rulings.rows.filter(({ approved }) => approved)) {
      const key = annex.split.map(({ by }) => String(row.values[by] ?? '')).join('|');
      parts.set(key, [...(parts.get(key) ?? []), row]);
    }
    const names = await Promise.all(annex.split.map((split) => namesOf(forms, caseId, split, rulings)));
    for (const [key, rows] of parts) {
      const what = key.split('|').map((value, i) => names[i](value));
      built.push({
        id: [annex.id, ...key.split('|')].join(':'),
        title: what.some(Boolean) ? `${annex.title}（${what.filter(Boolean).join('，')}）` : annex.title,
        columns: annex.columns.map(({ id, title }) => ({ id, title })),
        rows: rows.map(({ values }) => Object.fromEntries(annex.columns.map((c) => [c.id, cell(c, values, rulings)]))),
      });
    }
  }
  return built;
}

/**
 * Annexes of an extended certificate: those of the version before, with the approved rows put in place of rows of the
 * same name or after the others.
 */
export function mergeAnnexes(before: AnnexData[], approved: AnnexData[], layout: CertificateLayout): AnnexData[] {
  const keys = new Map(layout.annexes.map(({ id, key }) => [id, key]));
  const known = new Set(before.map(({ id }) => id));
  const merged = before.map((annex) => {
    const added = approved.find(({ id }) => id === annex.id);
    if (!added) return annex;
    const key = keys.get(annex.id.split(':')[0]!) ?? annex.columns.map(({ id }) => id);
    const nameOf = (row: Record<string, string>) => JSON.stringify(key.map((column) => row[column] ?? ''));
    const rows = new Map([...annex.rows, ...added.rows].map((row) => [nameOf(row), row]));
    return { ...annex, columns: added.columns, rows: [...rows.values()] };
  });
  return [...merged, ...approved.filter(({ id }) => !known.has(id))];
}

function cell(
  { from, where }: Annex['columns'][number],
  values: Record<string, unknown>,
  { columns }: Rulings,
): string {
  const texts = from.map((key) => printed(columns, values, key));
  if (where && values[where.key] === where.is) texts.push(where.add);
  return texts.filter(Boolean).join('；');
}

/** What a value of the split is called: the row that it names, or the label of the choice. */
async function namesOf(
  forms: ReadForms,
  caseId: string,
  { by, named, name }: Split,
  { columns }: Rulings,
): Promise<(value: string) => string> {
  if (!named) return (value) => printed(columns, { [by]: value }, by);
  const [form, table, column] = named.split('.');
  const rows = await forms.rows(caseId, form, table);
  return (value) => {
    const row = rows.find(({ data }) => data[column] === value)?.data;
    return row ? (name ?? [column]).map((key) => row[key] ?? '').join(' ') : value;
  };
}
