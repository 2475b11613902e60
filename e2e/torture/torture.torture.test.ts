/**
 * 100 cases of two tasks, two works and a timer through the API, while api, workers and engine are killed in turn, at
 * the named failpoints and at random, and connections are cut. Afterwards an independent checker reads the tables.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createCamunda7 } from '../../engine-adapters/camunda7/index.ts';
import { openBench, type BenchDatabase } from '../../engine-adapters/launcher/bench-client.ts';
import { freePort } from '../../engine-adapters/launcher/processes.ts';
import { openDatabase } from '../../api/src/core/index.ts';
import { migratedTemplate } from '../../api/src/core/testing.ts';
import { createApp } from '../../api/src/main/app.ts';
import { knownTopics } from '../../api/src/main/known-topics.ts';
import { openProcess } from '../../api/src/main/process.ts';
import { builtPrograms } from '../built.ts';
import { check, type Acknowledged } from './checker.ts';
import { signIn, type Client } from './client.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';
import { keepEngine, keepProgram, type Kept } from './processes.ts';

const CASES = 100;
/** One case in so many: its timer fires while people decide. */
const LATE_EVERY = 7;
const KILL_EVERY_MS = 1500;
const ENGINE_KILLS = 2;
/** A slow machine comes forward little between two kills; what these don't show, more of them wouldn't either. */
const MOST_KILLS = 30;
/** The engine is killed before thorough compiling comes back. */
const QUICK_START = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const FAILPOINT_ODDS = '*=0.004';
const CUT = 0.05;
const PASSWORD = 'endurance-2026';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folders = { workflows: here('./workflows'), templates: here('../../templates') };

describe('under fire', function () {
  this.timeout(480_000);
  let database: BenchDatabase;
  let dataDir: string;
  let engine: Kept;
  let api: Kept;
  let workers: Kept;
  let proxy: CuttingProxy;
  let environment: Record<string, string>;
  let odds = '';

  before(async () => {
    const bench = await openBench();
    database = await bench.createDatabase({ template: await migratedTemplate(bench) });
    dataDir = await mkdtemp(join(tmpdir(), 'zhunyu-torture-'));
    const [enginePort, apiPort] = [await freePort(), await freePort()];
    const token = randomUUID();
    engine = await keepEngine({
      java: { ...bench.java, args: [...bench.java.args, ...QUICK_START] },
      jar: bench.jar,
      databaseUrl: database.engineUrl,
      port: enginePort,
      token,
      logFile: join(dataDir, 'engine.log'),
    });
    proxy = await startCuttingProxy(apiPort, Math.random);
    environment = {
      RUN_DATABASE_URL: database.runUrl,
      ENGINE_URL: `http://127.0.0.1:${enginePort}/engine-rest`,
      ENGINE_TOKEN: token,
      PORT: String(apiPort),
      PUBLIC_URL: proxy.url,
      DATA_DIR: dataDir,
      ROLES_FILE: join(folders.workflows, 'shared', 'roles.json'),
      LEASE_MS: '2000',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'test',
    };
    await seed();
    const program = await builtPrograms();
    const answers = async () => (await fetch(`http://127.0.0.1:${apiPort}/readyz`).catch(() => null))?.ok === true;
    api = keepProgram('api', program('api'), () => ({ ...environment, FAILPOINTS: odds }), dataDir, answers);
    workers = keepProgram(
      'workers',
      program('workers'),
      () => ({ ...environment, FAILPOINTS: odds }),
      dataDir,
      () => Promise.resolve(true),
    );
    await api.ready();
  });

  // The logs of a run that failed are kept.
  after(async function () {
    await Promise.all([api?.stop(), workers?.stop()]);
    await proxy?.close();
    await engine?.stop();
    await database?.drop();
    const failed = this.test?.parent?.tests.some((test) => test.state !== 'passed');
    if (failed) process.stdout.write(`      logs: ${dataDir}\n`);
    else await rm(dataDir, { recursive: true, force: true });
  });

  it('loses no decision, number or case, and does nothing twice [PLT-3.2]', async () => {
    const applicant = await signIn(() => proxy.url, 'applicant', PASSWORD);
    const clerks = await Promise.all([1, 2].map(() => signIn(() => proxy.url, 'clerk', PASSWORD)));
    proxy.cut = CUT;
    odds = FAILPOINT_ODDS;
    for (const process of [api, workers]) process.kill();
    await api.ready();

    const cases: { caseId: string; number: string }[] = [];
    const decisions: Acknowledged[] = [];
    let applied = false;
    let killed = false;
    const killing = killInTurn(() => applied && decisions.length >= CASES).then(() => (killed = true));
    const applying = applyAll(applicant, cases).then(() => (applied = true));
    const deciding = clerks.map((clerk) => decideUntil(clerk, decisions, () => killed && applied));
    await Promise.all([applying, killing, ...deciding]);

    proxy.cut = 0;
    odds = '';
    for (const process of [api, workers]) process.kill();
    await Promise.all([engine.ready(), api.ready()]);
    for (let offered = true; offered;) {
      await settled();
      offered = false;
      while (await decideOne(clerks[0]!, decisions)) offered = true;
    }
    assert.equal(cases.length, CASES);
    const db = openDatabase(database.engineUrl.replace(/\/\/[^@]+@/, adminOf(await openBench())), { max: 4 });
    try {
      assert.deepEqual(await check(db, { cases, decisions }), []);
      const open = await db('app.case as c')
        .leftJoin('app.task as t', (on) => on.on('t.case_id', 'c.id').andOnNull('t.ended_at'))
        .whereNot('c.state', 'closed')
        .select('c.number', 't.step', 't.state', 't.holder');
      assert.deepEqual(open, [], 'every case has come to its end');
    } finally {
      await db.destroy();
    }
    process.stdout.write(
      `      ${decisions.length} decisions; started api ${api.starts()}, workers ${workers.starts()}, engine ${engine.starts()} times\n`,
    );
  });

  async function seed(): Promise<void> {
    const parts = await openProcess(environment);
    const app = await createApp(parts.core, { databaseUrl: parts.databaseUrl, rolesFile: environment.ROLES_FILE! });
    const by = { personId: null };
    await app.flows.release(folders, { by: null, topics: knownTopics() });
    await parts.core.db.transaction(async (trx) => {
      await app.calendar.seed(trx, [2027, 2028]);
      await app.organisation.createOffice(
        trx,
        { code: '52', name: '省局', shortName: '省局', profile: { code: '省', address: '某地', phone: '0' } },
        by,
      );
      const institutionId = await app.registers.write(trx, {
        register: 'institution',
        fields: { name: '耐久检测有限公司', uscc: '91520113MA0003881Y' },
      });
      const person = await app.organisation.createPerson(
        trx,
        { name: '申请人', kind: 'applicant', account: { login: 'applicant', password: PASSWORD } },
        by,
      );
      await app.organisation.represent(trx, { personId: person, register: 'institution', entry: institutionId }, by);
      const clerk = await app.organisation.createPerson(
        trx,
        { name: '经办人', kind: 'staff', office: '52', account: { login: 'clerk', password: PASSWORD } },
        by,
      );
      await app.organisation.grant(
        trx,
        { personId: clerk, role: 'clerk', office: '52', reach: 'own', mayTake: false },
        by,
      );
    });
    await app.close();
    await parts.close();
  }

  async function applyAll(client: Client, cases: { caseId: string; number: string }[]): Promise<void> {
    const apply = async (n: number) => {
      const draft = await client.post<{ id: string }>('/drafts', { flow: 'torture' }, randomUUID());
      assert.equal(draft.status, 200, JSON.stringify(draft.body));
      const form = `/forms/${draft.body.id}/application`;
      const { body: before } = await client.get<{ edits: number }>(form);
      const saved = await client.patch(form, { edits: before.edits, set: { remark: `第 ${n} 件` } });
      assert.equal(saved.status, 200, JSON.stringify(saved.body));
      const key = randomUUID();
      const submitted = await client.post<{
        caseId: string;
        number: string;
        code?: string;
        facts?: { caseId: string; number: string };
      }>(`/drafts/${draft.body.id}/submit`, {}, key);
      // A killed process may have carried it out without having kept the answer: then it says so.
      const done = submitted.body.code === 'already-submitted' ? submitted.body.facts! : submitted.body;
      assert.ok(done.number, JSON.stringify(submitted.body));
      cases.push({ caseId: done.caseId, number: done.number });
    };
    for (let n = 0; n < CASES; n += 4) await Promise.all([0, 1, 2, 3].map((i) => apply(n + i)));
  }

  async function decideUntil(client: Client, decisions: Acknowledged[], over: () => boolean): Promise<void> {
    while (!over()) if (!(await decideOne(client, decisions))) await pause(300);
  }

  /** Decides one task of those that the inbox offers; false if it offers none. */
  async function decideOne(client: Client, decisions: Acknowledged[]): Promise<boolean> {
    const { body } = await client.get<{ rows?: { taskId: string; caseId: string }[] }>('/inbox?limit=20');
    const row = body.rows?.[Math.floor(Math.random() * body.rows.length)];
    if (!row) return false;
    const { body: view } = await client.get<{ tasks?: { id: string; step: string; version: number }[] }>(
      `/cases/${row.caseId}`,
    );
    const task = view.tasks?.find((t) => t.id === row.taskId);
    if (!task) return true;
    if (task.step === 'second' && hashOf(row.caseId) % LATE_EVERY === 0) await letTimerFire(row.caseId);
    const answer = await client.post<{ decisionId?: string; code?: string }>(
      `/tasks/${row.taskId}/decision`,
      { outcome: 'ok', opinion: '同意', version: task.version },
      randomUUID(),
    );
    if (answer.status === 200 && answer.body.decisionId)
      decisions.push({ decisionId: answer.body.decisionId, taskId: row.taskId, caseId: row.caseId });
    return true;
  }

  /** As if the limit were over: the executor fires it while somebody decides. */
  async function letTimerFire(caseId: string): Promise<void> {
    const port = createCamunda7({ url: environment.ENGINE_URL!, token: environment.ENGINE_TOKEN! });
    const db = openDatabase(database.runUrl, { max: 1 });
    try {
      const timer = await db('clock_timer')
        .where({ case_id: caseId, boundary: 'secondLate' })
        .whereNull('ended_tx')
        .first('job_id');
      if (timer) await port.setJobDue(timer.job_id, new Date()).catch(() => undefined);
    } finally {
      await db.destroy();
      await port.close();
    }
  }

  async function killInTurn(enough: () => boolean): Promise<void> {
    let engineKills = 0;
    for (let turn = 0; turn < MOST_KILLS && !enough(); turn += 1) {
      await pause(KILL_EVERY_MS + Math.random() * KILL_EVERY_MS);
      if (turn % 4 === 3 && engineKills < ENGINE_KILLS) {
        engineKills += 1;
        engine.kill();
        await pause(500);
        await engine.ready();
      } else if (turn % 2 === 0) workers.kill();
      else {
        api.kill();
        // On a slow machine it would never serve if it were killed again while it starts.
        await api.ready();
      }
    }
  }

  /** Until nothing is left to do by itself; timers that never fire don't count. */
  async function settled(): Promise<void> {
    const db = openDatabase(database.runUrl, { max: 1 });
    const port = createCamunda7({ url: environment.ENGINE_URL!, token: environment.ENGINE_TOKEN! });
    try {
      for (let calm = 0; calm < 3;) {
        const [{ n: events }] = await db('engine_event').count('* as n');
        const [{ n: commands }] = await db('command').whereIn('state', ['held', 'queued']).count('* as n');
        const work = await port.openWork({});
        const due = await port.jobs({ dueUntil: new Date() });
        calm = Number(events) + Number(commands) + work.length + due.length === 0 ? calm + 1 : 0;
        await pause(300);
      }
    } finally {
      await db.destroy();
      await port.close();
    }
  }
});

const hashOf = (text: string) => [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);

/** The checker reads as superuser: both schemas, whoever owns them. */
function adminOf(bench: { adminUrl: string }): string {
  const { username, password } = new URL(bench.adminUrl);
  return `//${username}:${password}@`;
}
