/** What changed in a case's forms since the last return, or since somebody looked last, as people read it. */
import type { CaseChanges } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { allFields, columnsOf, isScalar, type AnyField, type Field } from '../../../contracts/forms/index.ts';
import { isEmpty, kinds } from '../../../contracts/kinds/index.ts';
import type { Core } from '../core/index.ts';
import { pinsOf } from './access.ts';

interface Change {
  path: string;
  before: unknown;
  after: unknown;
}

export type ChangesBetween = (owner: string, form: string, from: number, to: number) => Promise<Change[]>;

/** With what the forms of a case are compared: a moment, and the version of each form that stood then. */
export interface Baseline {
  at: Date;
  versions: Record<string, number>;
}

/** Changes told one by one; the others are counted. */
const MOST = 300;

/** A form that has no version in the baseline is new as a whole and is not compared. `reads`: forms that the reader may see. */
export async function changesSince(
  core: Core,
  changes: ChangesBetween,
  {
    caseId,
    release,
    baseline,
    reads,
  }: { caseId: string; release: Release; baseline: Baseline | null; reads(form: string): boolean },
): Promise<CaseChanges> {
  if (!baseline) return { since: null, count: 0, forms: [], rows: [] };
  const [now, pins] = await Promise.all([handedIn(core, caseId), pinsOf(core, caseId)]);
  const forms = await Promise.all(
    Object.entries(now)
      .filter(([form]) => reads(form))
      .map(async ([form, version]) => {
        const from = baseline.versions[form] ?? null;
        const found = from !== null && from < version ? await changes(caseId, form, from, version) : [];
        return { form, version: from, found };
      }),
  );
  const isPinned = ({ path }: Change) => pins.some((pin) => path === pin.path || path.startsWith(`${pin.path}/`));
  const all = forms.flatMap(({ form, found }) => found.map((change) => ({ form, change })));
  const told = all.toSorted((a, b) => Number(isPinned(b.change)) - Number(isPinned(a.change))).slice(0, MOST);
  return {
    since: baseline.at.toISOString(),
    count: all.length,
    forms: forms.map(({ form, version, found }) => ({ form, version, count: found.length })),
    rows: told.map(({ form, change }) => ({ form, path: change.path, ...inWords(release, form, change) })),
  };
}

/** The last version of each form that was handed in. */
export async function handedIn({ db }: Pick<Core, 'db'>, caseId: string, until?: Date): Promise<Baseline['versions']> {
  const query = db('form_version').where({ owner: caseId }).whereNotNull('closed_at').groupBy('form');
  if (until) void query.where('closed_at', '<=', until);
  const rows: { form: string; version: number }[] = await query.select('form').max('version as version');
  return Object.fromEntries(rows.map(({ form, version }) => [form, version]));
}

/** What stood when the case was last sent back; where it never was, the application as it was handed in before. */
export async function beforeReturn(core: Core, caseId: string, release: Release): Promise<Baseline | null> {
  const { db } = core;
  const { rows } = await db.raw(
    `select max(at) as at from (
       select decided_at as at from decision where case_id = :caseId and state = 'done' and detail->'pins' is not null
       union all
       select asked_at from move where case_id = :caseId and kind = 'return' and state = 'done') returned`,
    { caseId },
  );
  const at: Date | null = rows[0].at;
  if (at) return { at, versions: await handedIn(core, caseId, at) };
  const { form } = release.package.flow;
  const [, before] = await db('form_version')
    .where({ owner: caseId, form })
    .whereNotNull('closed_at')
    .orderBy('version', 'desc')
    .limit(2);
  return before ? { at: before.closed_at, versions: { [form]: before.version } } : null;
}

function inWords(
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
