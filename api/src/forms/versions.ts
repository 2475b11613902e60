/** Versions of a form's data. One is worked on; a decision or submission closes it, and the next change opens another. */
import type { Knex } from 'knex';
import { isEmpty } from '../../../contracts/kinds/index.ts';

export type Data = Record<string, unknown>;
export type Sources = Record<string, { zh: string; en: string }>;

/** A form of a draft or case; a draft and the case made from it have the same id. */
export interface Place {
  owner: string;
  form: string;
}

export interface Version {
  version: number;
  /** Counts the changes of scalar fields; a save names the count that it was made on. */
  edits: number;
  data: Data;
  sources: Sources;
  closedAt: Date | null;
  updatedAt: Date | null;
}

const untouched: Version = { version: 1, edits: 0, data: {}, sources: {}, closedAt: null, updatedAt: null };

/** The version that is worked on, or the last one, or the given one; an empty first one where nothing was saved yet. */
export async function readVersion(db: Knex, { owner, form }: Place, version?: number): Promise<Version> {
  const query = db('form_version').where({ owner, form }).orderBy('version', 'desc');
  const row = await (version === undefined ? query : query.where({ version })).first();
  if (!row) return { ...untouched, version: version ?? 1 };
  return {
    version: row.version,
    edits: row.edits,
    data: row.data,
    sources: row.sources,
    closedAt: row.closed_at,
    updatedAt: row.updated_at,
  };
}

/** Changes and the closing of one form wait for one another; held to the end of the transaction. */
export async function lockForm(trx: Knex.Transaction, { owner, form }: Place): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('form:' || ? || ?, 0))`, [owner, form]);
}

/**
 * The version to write to, under the form's lock. Where the last one is closed, `mayGoOn` is asked again: the
 * decision that closed it may have taken the form out of the caller's hands.
 */
export async function openVersion(
  trx: Knex.Transaction,
  place: Place,
  at: Date,
  mayGoOn: () => Promise<void>,
): Promise<Version> {
  await lockForm(trx, place);
  const last = await readVersion(trx, place);
  if (last.updatedAt && !last.closedAt) return last;
  if (last.closedAt) await mayGoOn();
  const next = { ...last, version: last.closedAt ? last.version + 1 : 1, closedAt: null, updatedAt: at };
  await trx('form_version').insert({
    ...place,
    version: next.version,
    data: JSON.stringify(next.data),
    sources: JSON.stringify(next.sources),
    edits: next.edits,
    updated_at: at,
  });
  return next;
}

export async function writeVersion(
  trx: Knex.Transaction,
  { owner, form }: Place,
  { version, edits, data, sources, updatedAt }: Version,
): Promise<void> {
  await trx('form_version')
    .where({ owner, form, version })
    .update({ data: JSON.stringify(data), sources: JSON.stringify(sources), edits, updated_at: updatedAt });
}

/** Closes the version that is worked on, an empty one where there was none. Answers its number. */
export async function closeVersion(
  trx: Knex.Transaction,
  { owner, form, by, at }: Place & { by: string | null; at: Date },
): Promise<number> {
  await lockForm(trx, { owner, form });
  const last = await readVersion(trx, { owner, form });
  if (last.closedAt) return last.version;
  await trx('form_version')
    .insert({ owner, form, version: last.version, updated_at: at, closed_at: at, closed_by: by })
    .onConflict(['owner', 'form', 'version'])
    .merge(['closed_at', 'closed_by']);
  return last.version;
}

/** With these values; empty ones are not kept. */
export function merged(data: Data, values: Data): Data {
  const all = { ...data, ...values };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value)));
}
