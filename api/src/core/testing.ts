/** For tests only: a core on a database of its own, with all tables and the product's roles. */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import knex from 'knex';
import { pino } from 'pino';
import { engineSchema } from '../../../engine-adapters/launcher/engine-jar.ts';
import { openBench, type Bench, type BenchDatabase } from '../../../engine-adapters/launcher/bench-client.ts';
import { prepareDatabase } from '../../../engine-adapters/launcher/database.ts';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import type { EnginePort } from '../../../engine-adapters/port/index.ts';
import { migrate } from '../main/migrate.ts';
import { openDatabase } from './database.ts';
import { noFailpoints } from './failpoints.ts';
import type { Core } from './parts.ts';

export interface TestCore extends Core {
  /** URLs of the three roles; `db` works as app_run. */
  database: BenchDatabase;
  /** Sets the time; without it the real one runs. */
  at(moment: string): void;
  close(): Promise<void>;
}

/** A core without an engine: whoever asks the engine in such a test fails. Files are kept in memory. */
export async function openTestCore(): Promise<TestCore> {
  const bench = await openBench();
  const database = await bench.createDatabase({ template: await migratedTemplate(bench) });
  const db = openDatabase(database.runUrl, { max: 12 });
  const kept = new Map<string, Buffer>();
  let now: Date | undefined;
  return {
    database,
    db,
    engine: new Proxy({} as EnginePort, {
      get: (_, method) => () => Promise.reject(new Error(`this test has no engine: ${String(method)}`)),
    }),
    time: {
      now: () => now ?? new Date(),
      offset: () => (now ? now.getTime() - Date.now() : 0),
      advanceTo: (moment) => void (now = moment),
      ofEngine: (moment) => moment,
    },
    at: (moment) => void (now = new Date(moment)),
    files: {
      async put(bytes) {
        const hash = createHash('sha256').update(bytes).digest('hex');
        kept.set(hash, Buffer.from(bytes));
        await db('file')
          .insert({ hash, size: bytes.length, type: 'application/octet-stream', created_at: new Date() })
          .onConflict('hash')
          .ignore();
        return { hash, size: bytes.length };
      },
      async get(hash) {
        const bytes = kept.get(hash);
        if (!bytes) throw new Error(`no file ${hash}`);
        return bytes;
      },
    },
    outside: { send: () => Promise.resolve(), call: () => Promise.reject(new Error('this test has no outside')) },
    settings: {
      publicUrl: 'http://localhost',
      rootDivision: '520000',
      rootOffice: '52',
      production: false,
      demo: false,
      dataDir: '/tmp',
      sessionSecret: 'test',
      maxUpload: 1_000_000,
    },
    failpoints: noFailpoints,
    log: pino({ level: 'silent' }),
    async close() {
      await db.destroy();
      await database.drop();
    },
  };
}

/** One migrated database per state of the migrations; the others are copies of it. */
export async function migratedTemplate(bench: Bench): Promise<string> {
  const folder = fileURLToPath(new URL('../../../migrations/', import.meta.url));
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(folder + file));
  const template = `tpl_${hash.digest('hex').slice(0, 12)}`;
  await templateDatabase(bench, template, async (name) => {
    const { appUrl } = await prepareDatabase({ ...bench, name, schema: engineSchema(bench.jar) });
    await migrate(appUrl);
  });
  return template;
}

/**
 * Makes a database to copy, unless there is one of this name that is still `whole`. `make` gets the name under which it
 * is made, so that one that was left half made is never taken; whoever else asks for it waits.
 */
export async function templateDatabase(
  bench: Bench,
  template: string,
  make: (name: string) => Promise<void>,
  whole: () => boolean = () => true,
): Promise<void> {
  const admin = knex({ client: 'pg', connection: bench.adminUrl, pool: { min: 1, max: 1 } });
  try {
    await admin.raw('select pg_advisory_lock(hashtext(?))', [template]);
    const { rows } = await admin.raw('select from pg_database where datname = ?', [template]);
    if (rows.length > 0 && whole()) return;
    const making = `${template}_new`;
    for (const left of [making, template]) await admin.raw('drop database if exists ?? with (force)', [left]);
    await make(making);
    await admin.raw('alter database ?? rename to ??', [making, template]);
  } finally {
    await admin.destroy();
  }
}

/** A running case of a made-up flow at an office of Guiyang; `package` is the part of a compiled flow that the test needs. */
export async function addCase(
  core: TestCore,
  given: { package: Partial<CompiledFlow>; receivedAt: string; number?: string },
): Promise<{ caseId: string; release: Release; institutionId: string }> {
  const { db } = core;
  for (const [code, name, level, parent] of [
    ['52', '贵州省市场监督管理局', 'province', null],
    ['5201', '贵阳市市场监督管理局', 'city', '52'],
  ])
    await db('office')
      .insert({ code, name, short_name: name, level, division: code!.padEnd(6, '0'), parent, profile: '{}' })
      .onConflict('code')
      .ignore();
  const [caseId, institutionId, releaseId, starter] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await db('person').insert({ id: starter, name: '赵喆', kind: 'applicant' });
  await db('representative').insert({
    person_id: starter,
    register: 'institution',
    entry: institutionId,
    since: core.time.now(),
  });
  const [{ count }] = await db('release').count();
  const release: Release = {
    id: releaseId,
    flow: 'made-up',
    version: Number(count) + 1,
    definitionId: 'made-up:1',
    deploymentId: 'made-up',
    package: given.package as CompiledFlow,
  };
  await db('release').insert({
    id: releaseId,
    flow: release.flow,
    version: release.version,
    definition_id: release.definitionId,
    deployment_id: release.deploymentId,
    hash: '',
    package: JSON.stringify(given.package),
    released_at: core.time.now(),
  });
  await db('case').insert({
    id: caseId,
    number: given.number ?? `MADE-UP-${release.version}`,
    flow: release.flow,
    release_id: releaseId,
    title: '黔测检测有限公司 首次申请',
    subject_register: 'institution',
    subject_id: institutionId,
    subject_name: '黔测检测有限公司',
    office: '5201',
    starter,
    institution_id: institutionId,
    state: 'running',
    received_at: new Date(given.receivedAt),
  });
  return { caseId, release, institutionId };
}
