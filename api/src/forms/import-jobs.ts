/**
 * Imports in the background. A row per import says how far it is; a process that takes one holds it for a while and
 * says so again with each step, so that another goes on with what a stopped process left. What is imported and that
 * it is done are one transaction: an import that is run twice writes once.
 */
import type { ImportJob } from '../../../contracts/api/index.ts';
import { Problem, problemKind, type Core, type Who } from '../core/index.ts';
import type { TableSheets } from './import.ts';
import type { Sessions } from './session.ts';
import type { TablePlace } from './rows.repository.ts';

export const importRunning = problemKind('import-running', 409, '这张表正在导入', 'This table is being imported');

/** Real time for which a step of an import may last. */
const LEASE = '60 seconds';
const ATTEMPTS = 3;

export interface ImportJobs {
  /** Keeps the file and the wish. @throws import-running */
  begin(place: TablePlace, who: Who, file: { name: string; bytes: Buffer }): Promise<ImportJob>;
  /** The last import of a table. */
  last(place: TablePlace): Promise<ImportJob | null>;
  /** Runs what waits, until nothing does. */
  pump(): Promise<void>;
}

export interface ImportJobsDeps {
  sessions: Sessions;
  sheets: Pick<TableSheets, 'import'>;
  /** With the grants of this moment; null for somebody who left. */
  whoIs(login: string): Promise<Who | null>;
}

interface JobRow extends ImportJob {
  owner: string;
  form: string;
  table_id: string;
  login: string;
  file_hash: string;
  attempts: number;
}

export function createImportJobs(core: Core, { sessions, sheets, whoIs }: ImportJobsDeps): ImportJobs {
  const { db } = core;

  async function next(): Promise<JobRow | null> {
    const { rows } = await db.raw(
      `update form_import set state = 'running', attempts = attempts + 1, leased_until = clock_timestamp() + interval '${LEASE}'
       where id = (
         select id from form_import
         where state = 'waiting' or (state = 'running' and leased_until < clock_timestamp())
         order by created_at for update skip locked limit 1)
       returning *`,
    );
    return rows[0] ?? null;
  }

  async function run(job: JobRow): Promise<void> {
    const mine = () => db('form_import').where({ id: job.id, attempts: job.attempts, state: 'running' });
    try {
      const who = await whoIs(job.login);
      if (!who) throw new Error(`nobody signs in as ${job.login}`);
      const editing = await sessions.edit(who, job.owner, job.form);
      await sheets.import(editing, job.table_id, await core.files.get(job.file_hash), {
        async checked(done, total) {
          const leased_until = db.raw(`clock_timestamp() + interval '${LEASE}'`);
          await mine().update({ done, total, leased_until });
        },
        async finish(trx, answer) {
          const change = { state: 'done', answer: JSON.stringify(answer), ended_at: core.time.now() };
          const changed = await mine()
            .transacting(trx)
            .update({ ...change, done: db.ref('total') });
          if (changed === 0) throw new Error(`import ${job.id} was taken over`);
        },
      });
    } catch (error) {
      const told = error instanceof Problem ? error : null;
      if (!told) core.log.error({ import: job.id, error: (error as Error).message }, 'import');
      if (!told && job.attempts < ATTEMPTS) await mine().update({ state: 'waiting' });
      else await mine().update({ state: 'failed', problem: JSON.stringify(said(told)), ended_at: core.time.now() });
    }
  }

  return {
    async begin({ owner, form, table }, who, { name, bytes }) {
      const { hash } = await core.files.put(bytes);
      const rows = await db('form_import')
        .insert({ owner, form, table_id: table, login: who.login, name, file_hash: hash, created_at: core.time.now() })
        .onConflict(db.raw(`(owner, form, table_id) where state in ('waiting', 'running')`))
        .ignore()
        .returning('*');
      if (rows.length === 0)
        throw importRunning({
          zh: '这张表正在导入。等它办完再导入下一个文件',
          en: 'Wait until the last file is imported',
        });
      return jobOf(rows[0]);
    },

    async last({ owner, form, table }) {
      const row = await db('form_import').where({ owner, form, table_id: table }).orderBy('created_at', 'desc').first();
      return row ? jobOf(row) : null;
    },

    async pump() {
      for (let job = await next(); job; job = await next()) await run(job);
    },
  };
}

function said(problem: Problem | null): { zh: string; en: string } {
  if (problem) return { zh: problem.fields[0]?.zh ?? problem.zh, en: problem.fields[0]?.en ?? problem.en };
  return { zh: '没有导入成，表里的内容没有变。再导入一次', en: 'Nothing was imported; import the file again' };
}

const jobOf = ({ id, name, state, done, total, answer, problem }: JobRow): ImportJob => ({
  id,
  name,
  state,
  done,
  total,
  answer,
  problem,
});
