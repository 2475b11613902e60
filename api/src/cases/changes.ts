/** What the applicant changed in the last version of the application, as people read it. */
import type { z } from 'zod';
import type { CaseChanges } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { allFields, columnsOf, isScalar, type AnyField, type Field } from '../../../contracts/forms/index.ts';
import { isEmpty, kinds } from '../../../contracts/kinds/index.ts';
import type { Core } from '../core/index.ts';

interface Change {
  path: string;
  before: unknown;
  after: unknown;
}

export type ChangesBetween = (owner: string, form: string, from: number, to: number) => Promise<Change[]>;

/** Against the version before; nothing where the application was submitted once. */
export async function caseChanges(
  core: Core,
  changes: ChangesBetween,
  caseId: string,
  release: Release,
): Promise<z.infer<typeof CaseChanges>> {
  const form = release.package.flow.form;
  const closed = await core
    .db('form_version')
    .where({ owner: caseId, form })
    .whereNotNull('closed_at')
    .orderBy('version', 'desc')
    .limit(2);
  const [last, before] = closed;
  if (!last || !before) return { since: null, rows: [] };
  const found = await changes(caseId, form, before.version, last.version);
  return {
    since: before.closed_at.toISOString(),
    rows: found.map((change) => ({ form, path: change.path, ...told(release, form, change) })),
  };
}

function told(
  release: Release,
  form: string,
  { path, before, after }: Change,
): { where: { zh: string; en: string }; before: string | null; after: string | null } {
  const [key = '', , column] = path.split('/');
  const material = path.startsWith('materials/')
    ? release.package.flow.materials.find((m) => path === `materials/${m.id}`)
    : undefined;
  if (material) return { where: material.title, before: text(before), after: text(after) };
  const field = [...allFields(release.package.forms[form]!)].find((entry) => entry.field.key === key)?.field;
  if (!field) return { where: { zh: path, en: path }, before: text(before), after: text(after) };
  const cell = column && !isScalar(field) ? columnsOf(field).find((c) => c.key === column) : undefined;
  const where = {
    zh: [label(field, 'zh'), cell && label(cell, 'zh')].filter(Boolean).join('　'),
    en: [label(field, 'en'), cell && label(cell, 'en')].filter(Boolean).join(', '),
  };
  const of: Field | undefined = isScalar(field) ? field : cell;
  return { where, before: printed(of, before), after: printed(of, after) };
}

const label = (field: AnyField, lang: 'zh' | 'en') => (lang === 'en' ? (field.labelEn ?? field.label) : field.label);

function printed(field: Field | undefined, value: unknown): string | null {
  if (isEmpty(value)) return null;
  return field ? kinds[field.type].format(value, field, 'zh') : text(value);
}

/** A whole row that came or went: its values in a line. */
function text(value: unknown): string | null {
  if (isEmpty(value)) return null;
  return typeof value === 'object'
    ? Object.values(value as object)
        .filter((v) => typeof v !== 'object')
        .join('　')
    : String(value);
}
