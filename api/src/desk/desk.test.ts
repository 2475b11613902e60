import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk } from '../../../contracts/api/index.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { openBrowser } from '../identity/testing.ts';
import { createApp, type App } from '../main/app.ts';

const PASSWORD = 'Guizhou-2026-test';

describe('the desk of a leader', function () {
  this.timeout(30_000);
  let core: TestCore;
  let app: App;
  let server: Server;
  let url: string;
  const people: Record<string, string> = {};

  before(async () => {
    core = await openTestCore();
    core.at('2026-11-19T02:00:00Z');
    app = await createApp(core, { databaseUrl: core.database.runUrl });
    server = createServer(app.http).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const step = {
      ...{ id: 'acceptance', name: { zh: '受理' }, actions: ['urge', 'transfer'] },
      ...{ outcomes: [], clock: [], notSameAs: [], groups: ['cma.acceptance'] },
    };
    const given = { package: { steps: { acceptance: step } } as unknown as Partial<CompiledFlow> };
    const { caseId } = await addCase(core, { ...given, receivedAt: '2026-11-02T02:00:00Z' });
    const ancestors = [
      ['52', '52'],
      ['5201', '5201'],
      ['5201', '52'],
    ];
    for (const [office, ancestor] of ancestors)
      await core.db('office_ancestor').insert({ office, ancestor, distance: office === ancestor ? 0 : 1 });
    for (const [login, office, role, reach, mayTake] of [
      ['leader', '52', 'cma.decide', 'tree', false],
      ['clerk', '5201', 'cma.decide', 'own', false],
      ['deputy', '52', 'cma.acceptance', 'tree', true],
    ] as const)
      await core.db.transaction(async (trx) => {
        const account = { login, password: PASSWORD };
        const by = { personId: null };
        const person = { name: login, kind: 'staff' as const, office, account };
        const personId = await app.organisation.createPerson(trx, person, by);
        await app.organisation.grant(trx, { personId, role, office, reach, mayTake }, by);
        people[login] = personId;
      });
    const roles = ['cma.acceptance', 'cma.examine'];
    for (const [due, held, offered] of [
      ['2026-11-13', true, roles],
      ['2026-11-19', false, roles.slice(1)],
      ['2026-11-24', false, roles],
      [null, false, roles.slice(1)],
    ] as const) {
      const id = randomUUID();
      const holder = held ? people.clerk : null;
      const arrived_at = new Date('2026-11-02T02:00:00Z');
      await core
        .db('task')
        .insert({ id, case_id: caseId, step: 'acceptance', name: '受理', due_on: due, holder, arrived_at });
      const grp = offered.flatMap((role) => [`${role}@5201`, `${role}@5201*`, `${role}@52*`]);
      await core.db('task_group').insert(grp.map((one) => ({ task_id: id, grp: one })));
    }
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await app.close();
    await core.close();
  });

  async function ask(login: string, path: string) {
    const browser = openBrowser(url);
    await browser.send('POST', '/session', { login, password: PASSWORD });
    return browser.send('GET', path);
  }

  it('counts the offices below, each task once, and what falls due on the working days ahead [PLT-1.1]', async () => {
    const desk = (await ask('leader', '/desk')).body as unknown as Desk;
    assert.equal(desk.days.length, 20);
    assert.deepEqual(desk.days.slice(0, 4), ['2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24']);
    const rows = desk.offices.map(({ code, below, people: staff, open, stopped, overdue }) => [
      ...[code, below, staff],
      ...[open, stopped, overdue],
    ]);
    assert.deepEqual(rows, [
      ['52', false, 2, 0, 0, 0],
      ['5201', true, 1, 4, 0, 1],
    ]);
    assert.deepEqual(desk.offices[1]!.due.slice(0, 5), [1, 0, 0, 1, 0]);
    const { case_id } = await core.db('task').first('case_id');
    const clock = { case_id, id: 'decision', title: '许可期限', limit_text: 'P20WD', total: 20 };
    await core.db('clock').insert({ ...clock, state: 'stopped', started_at: core.time.now() });
    const { offices } = (await ask('leader', '/desk')).body as unknown as Desk;
    assert.deepEqual(
      offices.map(({ open, stopped }) => [open, stopped]),
      [
        [0, 0],
        [4, 4],
      ],
    );
  });

  it('names what is over, with whom, and a way to act [PLT-5.4]', async () => {
    const { overdue } = (await ask('leader', '/desk')).body as unknown as Desk;
    assert.deepEqual(
      overdue.map((row) => [row.dueOn, row.over, row.holder, row.officeName, row.urge?.enabled, row.transfer]),
      [['2026-11-13', 4, 'clerk', '贵阳市市场监督管理局', true, null]],
    );
    const { body } = await ask('leader', '/desk/offices/5201/people');
    assert.deepEqual(body.people, [{ id: people.clerk, name: 'clerk', open: 1, overdue: 1 }]);
  });

  it('offers who may take it what the case view offers: to urge who has it, to transfer what nobody has [PLT-1.1, PLT-1.3]', async () => {
    const acts = async () => {
      const { overdue } = (await ask('deputy', '/desk')).body as unknown as Desk;
      return overdue.map(({ urge, transfer }) => [urge?.enabled, transfer?.enabled]);
    };
    assert.deepEqual(await acts(), [[true, false]]);
    const held = await core.db('task').whereNotNull('holder').first('id', 'holder');
    await core.db('task').where({ id: held.id }).update({ holder: null });
    assert.deepEqual(await acts(), [[undefined, true]]);
    await core.db('task').where({ id: held.id }).update({ holder: held.holder });
  });

  it('is empty for who has nobody below, and names nobody of other offices [PLT-7.3]', async () => {
    const desk = (await ask('clerk', '/desk')).body as unknown as Desk;
    assert.deepEqual([desk.offices, desk.overdue], [[], []]);
    assert.equal((await ask('clerk', '/desk/offices/5201/people')).status, 404);
  });
});
