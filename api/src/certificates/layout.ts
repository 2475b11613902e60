import { z } from 'zod';
import type { AnnexData } from '../../../contracts/certificate.ts';
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { printed, readRulings, type CaseForms, type Ruled, type Rulings } from '../forms/index.ts';

const Path = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][A-Za-z0-9]*$/);

/** How a certificate is made from the forms of a case: `templates/<…>/certificate.json`. */
export const CertificateLayout = z.strictObject({
  /** The same for all flows that give or change this certificate. */
  kind: z.string(),
  holder: z.strictObject({ name: Path, uscc: Path, address: Path }),
  /** Parts of the number's pattern → the field that has them. */
  number: z.record(z.string(), Path),
  annexes: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
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
export async function valueAt(forms: CaseForms, caseId: string, path: string): Promise<string> {
  const [form, field] = path.split('.');
  const value = (await forms.read(caseId, form)).data[field];
  return value === null || value === undefined ? '' : String(value);
}

/** Annexes of the rows that were approved, never of those that were applied for. */
export async function buildAnnexes(
  forms: CaseForms,
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
  forms: CaseForms,
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
