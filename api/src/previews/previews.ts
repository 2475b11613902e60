/**
 * What is made of a Word or Excel file to be looked at: once, in the background, kept as a file beside it. The first
 * question for one begins it; a process that stopped on the way is followed by another.
 */
import type { FilePreview } from '../../../contracts/api/index.ts';
import { Problem, type Core } from '../core/index.ts';
import { entriesOf, mimeOf } from '../files/index.ts';
import { withoutLinkedParts } from './links.ts';
import { sheetsOf } from './sheets.ts';

/** Real time for which a conversion may last. */
const LEASE = '120 seconds';
const ATTEMPTS = 2;
const ENTRIES = 500;

export interface Previews {
  of(file: { hash: string; type: string }): Promise<FilePreview>;
  /** The PDF made of a Word file; null as long as there is none. */
  pdf(hash: string): Promise<Buffer | null>;
  /** Makes what waits, until nothing does. */
  pump(): Promise<void>;
}

interface Row {
  hash: string;
  type: string;
  state: FilePreview['state'];
  result_hash: string | null;
  attempts: number;
  asked_at: Date;
}

export function createPreviews(core: Core, { pdf }: { pdf(docx: Buffer): Promise<Buffer> }): Previews {
  const { db, files } = core;
  const makers: Record<string, (bytes: Buffer) => Promise<Buffer>> = {
    [mimeOf('docx')]: (bytes) => pdf(withoutLinkedParts(bytes)),
    [mimeOf('xlsx')]: async (bytes) => Buffer.from(JSON.stringify(await sheetsOf(bytes))),
  };

  async function next(): Promise<Row | null> {
    const { rows } = await db.raw(
      `update file_preview set state = 'running', attempts = attempts + 1, leased_until = clock_timestamp() + interval '${LEASE}'
       where hash = (
         select hash from file_preview
         where state = 'waiting' or (state = 'running' and leased_until < clock_timestamp())
         order by asked_at for update skip locked limit 1)
       returning *`,
    );
    return rows[0] ?? null;
  }

  async function make(row: Row): Promise<void> {
    const mine = db('file_preview').where({ hash: row.hash, attempts: row.attempts, state: 'running' });
    try {
      const result = await files.put(await makers[row.type]!(await files.get(row.hash)));
      await mine.update({ state: 'done', result_hash: result.hash, ended_at: core.time.now() });
    } catch (error) {
      core.log.warn({ file: row.hash, error: (error as Error).message }, 'preview');
      const again = !(error instanceof Problem) && row.attempts < ATTEMPTS;
      await mine.update(again ? { state: 'waiting' } : { state: 'failed', ended_at: core.time.now() });
    }
  }

  async function ask(hash: string, type: string): Promise<Row> {
    await db('file_preview').insert({ hash, type, asked_at: core.time.now() }).onConflict('hash').ignore();
    return db('file_preview').where({ hash }).first();
  }

  async function ahead({ state, asked_at }: Row): Promise<number> {
    if (state !== 'waiting') return 0;
    const waiting = db('file_preview').whereIn('state', ['waiting', 'running']).where('asked_at', '<', asked_at);
    return Number((await waiting.count('* as n').first())!.n);
  }

  return {
    async of({ hash, type }) {
      if (type === mimeOf('zip')) return { ...NOTHING, kind: 'entries', entries: namesIn(await files.get(hash)) };
      if (!makers[type]) return NOTHING;
      const row = await ask(hash, type);
      const kind = type === mimeOf('docx') ? 'pdf' : 'sheets';
      const sheets = kind === 'sheets' && row.result_hash ? JSON.parse(`${await files.get(row.result_hash)}`) : [];
      return { ...NOTHING, kind, state: row.state, ahead: await ahead(row), sheets };
    },

    async pdf(hash) {
      const row: Row | undefined = await db('file_preview')
        .where({ hash, type: mimeOf('docx') })
        .first();
      return row?.result_hash ? files.get(row.result_hash) : null;
    },

    async pump() {
      for (let row = await next(); row; row = await next()) await make(row);
    },
  };
}

const NOTHING: FilePreview = { kind: 'none', state: 'done', ahead: 0, sheets: [], entries: [] };

const namesIn = (zip: Buffer) => (entriesOf(zip) ?? []).slice(0, ENTRIES).map(({ name }) => name);
