/** A form as one person sees it, without its rows. */
import type { FormView, MaterialItem } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { isRowDecisions } from '../../../contracts/forms/index.ts';
import type { Core } from '../core/index.ts';
import { isOpen } from './access.ts';
import { differing } from './changes.ts';
import { bindings, countGone, numbered } from './rows.repository.ts';
import { numberedRulings, rulingBindings } from './rulings.ts';
import { versionShown } from './rows.view.ts';
import type { Session } from './session.ts';
import { tableFindings } from './table-findings.ts';
import { readVersion, type Data } from './versions.ts';

export type ListMaterials = (owner: string, release: Release, data: Data) => Promise<MaterialItem[]>;

/** `since`: version that changes are told against, default the one before. */
export async function viewForm(
  core: Core,
  session: Session,
  materials: ListMaterials,
  since?: number,
): Promise<FormView> {
  const { place, access, form } = session;
  const { flow } = access.release.package;
  const open = access.mode === 'edit' ? access.open : [];
  const version = await versionShown(core.db, session);
  const now = await readVersion(core.db, place);
  const from = since ?? version - 1;
  const before = from >= 1 && from < version ? await readVersion(core.db, place, from) : now;
  const started = await core.db('case').where({ id: place.owner }).first('id');
  const items = place.form === flow.form ? await materials(place.owner, access.release, now.data) : [];
  return {
    ...place,
    title: form.schema.title ?? flow.title.zh,
    version,
    edits: now.edits,
    mode: access.mode,
    open,
    schema: form.schema,
    data: now.data,
    sources: now.sources,
    tables: await tableStates(core, session, version, from),
    materials: items.map((item) => ({ ...item, open: isOpen(open, `materials/${item.item}`) })),
    changed: Object.fromEntries(differing(before.data, now.data, '').map((change) => [change.path, change.before])),
    filesBefore: items.length > 0 && from >= 1 && from < version ? await filesAt(core, place, from) : {},
    savedAt: latest([
      now.updatedAt?.toISOString(),
      ...items.flatMap(({ files }) => files.map((file) => file.uploadedAt)),
    ]),
    flow: flow.id,
    flowTitle: flow.title.zh,
    caseId: started ? place.owner : null,
    taskId: access.mode === 'edit' ? (access.taskId ?? null) : null,
    step: access.mode === 'edit' ? (access.step ?? null) : null,
  };
}

const latest = (moments: (string | undefined)[]): string | null => moments.filter(Boolean).sort().at(-1) ?? null;

/** Files of required materials that stood when a version was handed in, by item. */
async function filesAt(
  { db }: Core,
  { owner, form }: Session['place'],
  version: number,
): Promise<FormView['filesBefore']> {
  const { closed_at: closedAt } = await db('form_version').where({ owner, form, version }).first('closed_at');
  const files: { id: string; item: string }[] = await db('material')
    .where({ owner })
    .where('version', '<=', version)
    .where((stood) => stood.whereNull('replaced_at').orWhere('replaced_at', '>', closedAt))
    .orderBy('uploaded_at')
    .select('id', 'item');
  const found: FormView['filesBefore'] = {};
  for (const { id, item } of files) (found[item] ??= []).push(id);
  return found;
}

async function tableStates(
  { db }: Core,
  { place, form }: Session,
  version: number,
  since: number,
): Promise<FormView['tables']> {
  const states: FormView['tables'] = {};
  for (const { field } of form.tables.values()) {
    const at = { ...place, table: field.key };
    const others = await tableFindings(db, form, at, version);
    const rulings = isRowDecisions(field);
    const { rows } = await db.raw(
      `with ${rulings ? numberedRulings : numbered}
       select count(*)::int as count,
         (count(*) filter (where problems is not null or row_id = any(?) ${rulings ? 'or untouched' : ''}))::int as problems,
         (count(*) filter (where ? >= 1 and from_version > ?))::int as changed
       from r`,
      [
        ...(rulings ? rulingBindings(at, field, version) : bindings(at, version)),
        ...[[...others.keys()], since, since],
      ],
    );
    const gone = since < 1 || rulings ? 0 : await countGone(db, at, { since, version });
    states[field.key] = { ...rows[0], changed: rows[0].changed + gone };
  }
  return states;
}
