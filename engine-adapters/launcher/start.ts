import { join } from 'node:path';
import { buildServer, buildWeb, builtProgram } from './builds.ts';
import { dropHalfDemonstration, isUnused, noteDemonstration, prepareDatabase } from './database.ts';
import { buildEngineJar, engineSchema } from './engine-jar.ts';
import { startEngine } from './engine.ts';
import { removeFilesSince } from './files.ts';
import { findJava } from './java.ts';
import { keepRunning, type Running } from './keep-running.ts';
import { createLeftovers } from './leftovers.ts';
import type { Lifetime } from './lifetime.ts';
import { startPostgres } from './postgres.ts';
import { Problem } from './problem.ts';
import { freePort, isFree } from './processes.ts';
import { createPrograms } from './programs.ts';
import type { Progress } from './progress.ts';
import { openSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** Flows are released so long before the demonstration's cases are begun with them, in milliseconds. */
const BEFORE_CASES = String(-200 * 86_400_000);
/** Node looks through young objects less often. */
const ROOM_FOR_NEW = '--max-semi-space-size=64';

/**
 * Sets up what is missing and starts every process of the product; whatever is to be ended is given to `lifetime`.
 * Answers what the demonstration has to say about its accounts.
 */
export async function start(o: {
  root: string;
  settings: Settings;
  progress: Progress;
  lifetime: Lifetime;
}): Promise<string> {
  const { root, settings, lifetime } = o;
  const { report } = o.progress;
  const step: Progress['step'] = (zh, en, work) => {
    lifetime.ended.throwIfAborted();
    return o.progress.step(zh, en, work);
  };
  const { dataDir } = settings;
  const secrets = openSecrets(dataDir);
  const leftovers = createLeftovers(join(dataDir, 'processes.json'));
  const programs = createPrograms({ root, dataDir, leftovers });
  const program = (name: string) => builtProgram(root, name);

  const left = await leftovers.end();
  if (left > 0) report(`已结束上次遗留的 ${left} 个进程 · ended processes that the last run had left`);
  await refuseTakenPort(settings.port);
  await lifetime.add(() => programs.stop());

  // Only the api needs the pages.
  const pages = step('页面', 'web pages', () => buildWeb({ root, programs }));
  const server = step('服务程序', 'programs', () => buildServer({ root, programs }));
  for (const built of [pages, server]) built.catch(() => undefined);
  const [adminUrl, built] = await Promise.all([
    settings.databaseUrl ?? step('数据库', 'database', startDatabase),
    settings.engineUrl ? undefined : step('流程引擎程序', 'engine program', buildEngine),
  ]);
  const at = { adminUrl, name: nameOf(adminUrl) };
  const brokenOff = await dropHalfDemonstration(at);
  if (brokenOff) {
    report('上次没有做完演示办件，重新开始 · the demonstration was broken off, it begins anew');
    await removeFilesSince(join(dataDir, 'files'), brokenOff);
  }
  const database = await step('流程引擎的表', 'engine tables', () =>
    prepareDatabase({ ...at, schema: built && engineSchema(built.jar) }),
  );
  await step('业务表', 'migrations', () =>
    programs.run('migrate', ['--import', 'tsx', join(root, 'api/src/main/migrate.ts')], {
      DATABASE_URL: database.appUrl,
    }),
  );
  // Time moves while cases are made, so the engine must not run jobs by itself meanwhile.
  const makesCases =
    settings.demo && settings.mode !== 'production' && built !== undefined && (await isUnused(database.appUrl));
  let executor = !makesCases;
  const engine = built
    ? { url: `http://127.0.0.1:${built.port}/engine-rest`, token: secrets.get('engine-token') }
    : { url: settings.engineUrl ?? '', token: settings.engineToken ?? '' };
  const environment = {
    RUN_DATABASE_URL: database.runUrl,
    ENGINE_URL: engine.url,
    ENGINE_TOKEN: engine.token,
    PORT: String(settings.port),
    DATA_DIR: dataDir,
    PUBLIC_URL: settings.publicUrl,
    DEMO: settings.demo ? '1' : '0',
    NODE_ENV: settings.mode,
  };
  await server;
  let begin = () => {};
  const cases = makesCases ? playCases(new Promise((resolve) => (begin = resolve))) : undefined;
  cases?.catch(() => undefined);
  if (built) await step('流程引擎', 'engine', () => runEngine(built));
  await endProgramsFirst();
  await step('发布流程', 'release of flows', () =>
    programs.run('release', program('release'), {
      ...environment,
      ...(makesCases && { TIME_OFFSET: BEFORE_CASES }),
    }),
  );
  begin();
  if (cases) await step('演示办件', 'cases of the demonstration', () => cases.then(runJobs));
  await pages;
  const api = `http://127.0.0.1:${settings.port}/readyz`;
  await step('接口服务', 'api', () =>
    keep('api', () => programs.start('api', program('api'), environment, () => answers(api))),
  );
  await step('后台处理', 'workers', () =>
    keep('workers', () => programs.start('workers', program('workers'), environment)),
  );
  return settings.demo
    ? step('演示数据', 'demonstration', () => programs.run('demo', program('demo'), environment))
    : '';

  /** Before the database, or the engine: whatever was started last. */
  async function endProgramsFirst(): Promise<void> {
    await lifetime.add(() => programs.stop());
  }

  /** The program gets ready while the engine starts and flows are released. */
  async function playCases(begins: Promise<void>): Promise<void> {
    await endProgramsFirst();
    await noteDemonstration({ ...at, made: false });
    const given = { ...environment, RUN_DATABASE_URL: withoutWaiting(database.runUrl), NODE_NO_WARNINGS: '1' };
    const options = { said: report, begins };
    await programs.run('demo-cases', [ROOM_FOR_NEW, ...program('demo-cases')], given, options);
    await noteDemonstration({ ...at, made: true });
  }

  async function runJobs(): Promise<void> {
    executor = true;
    const { ok, status } = await fetch(new URL('/executor', engine.url), {
      method: 'POST',
      headers: { 'x-engine-token': engine.token },
    });
    if (!ok) throw new Error(`The engine does not run its jobs: ${status}`);
  }

  async function startDatabase(): Promise<string> {
    let adminUrl = '';
    await keep('PostgreSQL', async () => {
      const postgres = await startPostgres({ dataDir, report });
      adminUrl = postgres.adminUrl;
      return postgres;
    });
    return adminUrl;
  }

  async function buildEngine() {
    const java = await findJava({ dataDir, report });
    const jar = await buildEngineJar({ dataDir, java, report, signal: lifetime.ended });
    return { java, jar, port: await freePort() };
  }

  async function runEngine({ java, jar, port }: Awaited<ReturnType<typeof buildEngine>>) {
    const logFile = join(dataDir, 'logs', 'engine.log');
    await keep('engine', () =>
      startEngine({
        java,
        jar,
        databaseUrl: database.engineUrl,
        port,
        token: engine.token,
        executor,
        sandbox: false,
        light: settings.demo && settings.mode !== 'production',
        logFile,
        spawned: leftovers.note,
        signal: lifetime.ended,
      }),
    );
  }

  async function keep(name: string, begin: () => Promise<Running>): Promise<void> {
    const kept = await keepRunning({ name, start: begin, report });
    await lifetime.add(() => kept.stop());
  }
}

async function refuseTakenPort(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new Problem(
    'port-in-use',
    `端口 ${port} 已被占用：请结束占用它的程序，或用 PORT=… 换一个端口`,
    `Port ${port} is in use: end the program that uses it, or choose another one with PORT=…`,
  );
}

/** Its transactions don't wait for the disk: what a power cut takes of the demonstration is begun anew anyway. */
function withoutWaiting(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c synchronous_commit=off');
  return url.href;
}

const nameOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1)) || 'zhunyu';

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
