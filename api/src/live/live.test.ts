import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { openBrowser, type Browser } from '../identity/testing.ts';
import { createApp, type App } from '../main/app.ts';
import { PAUSE_MS } from './hub.ts';
import { openLive, type LivePage } from './testing.ts';

const PASSWORD = 'Guizhou-2026-test';
const CLERKS = 'cma.acceptance@5201';

describe('open pages', function () {
  this.timeout(30_000);
  let core: TestCore;
  let copies: { app: App; server: Server; url: string }[];
  let caseId: string;
  const people: Record<string, string> = {};
  const pages: LivePage[] = [];

  before(async () => {
    core = await openTestCore();
    copies = [await openCopy(), await openCopy()];
    ({ caseId } = await addCase(core, { package: {}, receivedAt: '2026-11-21T02:00:00Z' }));
    for (const [login, office] of [
      ['clerk', '5201'],
      ['colleague', '5201'],
      ['leader', '52'],
    ] as const)
      await core.db.transaction(async (trx) => {
        const { organisation } = copies[0]!.app;
        const account = { login, password: PASSWORD };
        const by = { personId: null };
        const personId = await organisation.createPerson(trx, { name: login, kind: 'staff', office, account }, by);
        const reach = login === 'leader' ? 'tree' : 'own';
        await organisation.grant(trx, { personId, role: 'cma.acceptance', office, reach, mayTake: false }, by);
        people[login] = personId;
      });
  });
  after(async () => {
    pages.forEach((page) => page.close());
    for (const copy of copies) await closeCopy(copy);
    await core.close();
  });

  async function openCopy() {
    const app = await createApp(core, { databaseUrl: core.database.runUrl });
    const server = createServer(app.http).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { app, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
  async function closeCopy({ app, server }: { app: App; server: Server }): Promise<void> {
    server.close();
    await app.close();
    server.closeAllConnections();
  }
  async function signIn(login: string, copy = 0): Promise<Browser> {
    const browser = openBrowser(copies[copy]!.url);
    assert.equal((await browser.send('POST', '/session', { login, password: PASSWORD })).status, 200);
    return browser;
  }
  /** A page that is listening. */
  async function open(login: string, at: { copy?: number; owner?: string; preview?: boolean } = {}): Promise<LivePage> {
    const { cookie } = await signIn(login);
    const page = await openLive(copies[at.copy ?? 0]!.url, cookie, at.owner, at.preview);
    pages.push(page);
    assert.deepEqual([page.status, (await page.next())?.event], [200, 'ready']);
    return page;
  }
  const tell = (...told: string[]) =>
    core.db.raw(`select tell_live(split_part(t, ' ', 1), split_part(t, ' ', 2)) from unnest(?::text[]) t`, [told]);
  const task = (id: string = randomUUID()) => ({ id, case_id: caseId, step: 'acceptance', name: '受理' });
  /** Hears until all of these kinds have been told. */
  async function hear(page: LivePage, ...kinds: string[]): Promise<void> {
    for (const left = new Set(kinds); left.size > 0;) {
      const next = await page.next();
      assert.equal(next?.event, 'changed');
      for (const kind of next!.data.split(' ')) left.delete(kind);
    }
  }
  const changed = (data: string) => ({ event: 'changed', data });

  it('hear of new, taken and ended tasks at every copy, and a page of somebody else does not [PLT-1.1, PLT-12.2]', async () => {
    const [clerk, leader] = [await open('clerk'), await open('leader', { copy: 1 })];
    const stranger = await open('colleague', { copy: 1 });
    const { id } = task();
    await core.db('task').insert(task(id));
    await core.db('task_group').insert({ task_id: id, grp: `person:${people.clerk}` });
    assert.deepEqual(await clerk.next(), changed('inbox'));
    await core.db('task_group').insert({ task_id: id, grp: 'cma.acceptance@52*' });
    assert.deepEqual(await leader.next(), changed('inbox'));
    await core.db('task').where({ id }).update({ holder: people.clerk });
    assert.deepEqual([await clerk.next(), await leader.next()], [changed('inbox'), changed('inbox')]);
    await core.db('task').where({ id }).update({ ended_at: new Date() });
    assert.deepEqual([await clerk.next(), await leader.next()], [changed('inbox'), changed('inbox')]);
    await tell(`messages person:${people.colleague}`);
    assert.deepEqual(await stranger.next(), changed('messages'));
    stranger.close();
  });

  it('hear of messages, of their decisions and of the case that they show [PLT-1.1]', async () => {
    const page = await open('clerk', { owner: caseId });
    await core.db('message').insert({ person_id: people.clerk, kind: 'test', title: '', body: '', at: new Date() });
    await hear(page, 'messages');
    const decided = { task_id: 't', case_id: caseId, step: 'acceptance', outcome: 'agree', decided_at: new Date() };
    await core.db('decision').insert({ ...decided, person_id: people.clerk });
    await hear(page, 'done', 'case');
    await core.db('case').where({ id: caseId }).update({ stage: '审查' });
    await hear(page, 'case');
  });

  it('hear a bounded number of times of a thousand cases that start at once [PLT-1.1]', async () => {
    const page = await open('clerk');
    const from = performance.now();
    const start = async () => {
      const { id } = task();
      await core.db.transaction(async (trx) => {
        await trx('task').insert(task(id));
        await trx('task_group').insert(
          [CLERKS, `${CLERKS}*`, 'cma.acceptance@52*'].map((grp) => ({ task_id: id, grp })),
        );
      });
    };
    for (let i = 0; i < 10; i += 1) await Promise.all(Array.from({ length: 100 }, start));
    await tell(`imports person:${people.clerk}`);
    const took = performance.now() - from;
    let events = 0;
    for (let heard = ''; !heard.includes('imports'); events += 1) heard = (await page.next())?.data ?? 'imports';
    await core.db('task_group').delete();
    assert.ok(events >= 1 && events <= took / PAUSE_MS + 2, `${events} events in ${took} ms`);
  });

  it('end with the session, which does not come back, and with a role that was taken away [PLT-7.3]', async () => {
    const browser = await signIn('clerk');
    await core.db('session').update({ sess: core.db.raw(`jsonb_set(sess::jsonb, '{seenAt}', '0')`) });
    const page = await openLive(copies[1]!.url, browser.cookie);
    assert.equal((await page.next())?.event, 'ready');
    const other = await open('clerk');
    assert.equal((await browser.send('DELETE', '/session')).status, 200);
    assert.deepEqual([(await page.next())?.event, await page.next()], ['ended', null]);
    assert.equal((await browser.send('GET', '/me')).status, 401);
    assert.equal((await openLive(copies[0]!.url, browser.cookie)).status, 401);

    await core.db('role_grant').where({ person_id: people.clerk }).update({ ended_at: new Date() });
    assert.deepEqual([(await other.next())?.event, await other.next()], ['ended', null]);
    await core.db('role_grant').where({ person_id: people.clerk }).update({ ended_at: null });
  });

  it('of a case are for those who may read it, asked again each time [PLT-7.3]', async () => {
    const { cookie } = await signIn('colleague');
    assert.equal((await openLive(copies[0]!.url, cookie, randomUUID())).status, 404);
    const page = await open('colleague', { owner: caseId });
    await hear(page, 'presence');
    await core.db('case').where({ id: caseId }).update({ office: '52' });
    await tell(`case case:${caseId}`, `messages person:${people.colleague}`);
    assert.deepEqual(await page.next(), changed('messages'));
    await core.db('case').where({ id: caseId }).update({ office: '5201' });
  });

  it('of one case are told of each other, at every copy, with who writes an opinion [PLT-1.8]', async () => {
    await core.db('presence').delete();
    const browser = await signIn('clerk');
    const others = async () => (await browser.send('GET', `/presence/${caseId}`)).body.people as { name: string }[];
    assert.deepEqual(await others(), []);
    const preview = await open('colleague', { owner: caseId, preview: true });
    await core.db('case').where({ id: caseId }).update({ stage: '决定' });
    await hear(preview, 'case');
    assert.deepEqual(await others(), [], 'who only looks at it beside a list has it not open');
    preview.close();
    const mine = await open('clerk', { owner: caseId });
    const other = await open('colleague', { copy: 1, owner: caseId });
    while ((await others()).length === 0) assert.equal((await mine.next())?.event, 'changed');
    assert.deepEqual(await others(), [{ name: 'colleague', since: 0, writes: null }]);
    const { id } = task();
    await core.db('task').insert(task(id));
    const opinion = { task_id: id, person_id: people.colleague, opinion: '同意', saved_at: core.time.now() };
    await core.db('opinion_draft').insert(opinion);
    assert.deepEqual(await others(), [{ name: 'colleague', since: 0, writes: { taskId: id, stepName: '受理' } }]);
    other.close();
    while ((await others()).length > 0) assert.equal((await mine.next())?.event, 'changed');
    await core
      .db('presence')
      .insert({ page: randomUUID(), owner: caseId, person_id: people.leader, seen_at: '2026-01-01' });
    assert.deepEqual(await others(), [], 'a copy that is gone takes its pages with it');
  });

  it('are asked to look again when this copy could not listen, and find the other when it is gone [PLT-12.2]', async () => {
    const page = await open('leader');
    await core.db.raw(
      `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "zy_live"' and datname = current_database()`,
    );
    assert.equal((await page.next())?.event, 'ready');
    await closeCopy(copies[0]!);
    assert.equal(await page.next(), null);
    copies[0] = await openCopy();
    const again = await open('leader');
    await tell('inbox cma.acceptance@52*');
    assert.deepEqual(await again.next(), changed('inbox'));
  });

  it('pass proxies unchanged, and are not kept for more tabs than anybody has', async () => {
    const { cookie } = await signIn('colleague');
    const tabs: LivePage[] = [];
    for (let i = 0; i < 30; i += 1) tabs.push(await openLive(copies[1]!.url, cookie));
    tabs.forEach((tab) => tab.close());
    const { headers } = tabs[0]!;
    assert.deepEqual(
      [headers.get('content-type'), headers.get('cache-control'), headers.get('x-accel-buffering')],
      ['text/event-stream; charset=utf-8', 'no-store, no-transform', 'no'],
    );
    assert.deepEqual([tabs[0]!.status, tabs.at(-1)!.status], [200, 429]);
  });
});
