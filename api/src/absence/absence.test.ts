import assert from 'node:assert/strict';
import type { AbsencePeople, AbsenceRow } from '../../../contracts/api/index.ts';
import { listen } from '../core/index.ts';
import { createFlows } from '../flows/index.ts';
import type { Browser } from '../identity/testing.ts';
import { createMessages } from '../messages/index.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { createAbsence, standingIn, type Absence } from './index.ts';

describe('absence', function () {
  this.timeout(20_000);
  let world: TestOrganisation;
  let absence: Absence;
  /** Another copy of the process, begun just now. */
  let anew: () => Absence;
  const people: Record<string, string> = {};
  const browsers: Record<string, Browser> = {};
  before(async () => {
    world = await openTestOrganisation(({ core, audit }) => {
      const messages = createMessages(core);
      anew = () => createAbsence(core, { audit, messages, flows: createFlows(core) });
      absence = anew();
      return [...absence.routes, ...messages.routes];
    });
    world.core.at('2026-09-21T09:00:00+08:00');
    for (const name of ['anna', 'bert', 'carl'])
      people[name] = await world.person(name, { grants: [['cma.acceptance', '52', 'own']] });
    people.chief = await world.person('chief', { office: '5201', grants: [['admin', '5201', 'tree']] });
    people.county = await world.person('county', { office: '520102' });
    for (const name of Object.keys(people)) browsers[name] = await world.signIn(name);
  });
  after(() => world.close());

  const declare = (by: string, body: object) =>
    browsers[by]!.send('POST', '/absences', { from: '2026-09-21', to: '2026-09-25', ...body });
  const rows = async (by: string): Promise<AbsenceRow[]> =>
    (await browsers[by]!.send('GET', '/absences')).body.rows as never;
  async function lastMessage(of: string): Promise<string> {
    const { rows: said }: { rows: { title: string }[] } = (await browsers[of]!.send('GET', '/messages')).body as never;
    return said[0]!.title;
  }
  const end = (by: string, id: string) => browsers[by]!.send('DELETE', `/absences/${id}`);
  const fields = (answer: { body: { fields?: { path: string; zh: string }[] } }) => answer.body.fields ?? [];

  it('names whom a person stands in for, on these days only, limited as declared [PLT-1.7]', async () => {
    const { body, status } = await declare('anna', { deputy: people.bert, divisions: ['520100'], note: '出差' });
    assert.equal(status, 201);
    const [standIn] = await standingIn(world.core, people.bert!);
    assert.deepEqual(
      [standIn!.person.id, standIn!.groups, standIn!.flows, standIn!.divisions],
      [people.anna, ['cma.acceptance@52', `person:${people.anna}`], null, ['5201']],
    );
    world.core.at('2026-09-26T00:00:00+08:00');
    assert.deepEqual(await standingIn(world.core, people.bert!), []);
    assert.equal((await rows('anna'))[0]!.state, 'past');
    world.core.at('2026-09-21T09:00:00+08:00');
    const [row] = await rows('bert');
    assert.deepEqual(
      [row!.person.name, row!.state, row!.mayEnd, row!.divisions?.[0]?.name],
      ['anna氏', 'now', false, '贵阳市'],
    );
    assert.equal(await lastMessage('bert'), '请您代anna氏办理：2026-09-21 至 2026-09-25');
    assert.equal((await end('bert', body.id)).status, 404);
    assert.equal((await end('anna', body.id)).status, 200);
    assert.deepEqual(await standingIn(world.core, people.bert!), []);
    assert.equal((await end('anna', body.id)).status, 404);
  });

  it('refuses a second deputy for the same cases, also when both are declared at once [PLT-1.7]', async () => {
    const both = await Promise.all([
      declare('anna', { deputy: people.bert }),
      declare('anna', { deputy: people.carl }),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 400]);
    const [loser] = both.filter(({ status }) => status === 400);
    assert.match(fields(loser!)[0]!.zh, /^2026-09-21 至 2026-09-25 已由(bert|carl)氏代理同样的事项/);
    const later = await declare('anna', { deputy: people.carl, from: '2026-09-26', to: '2026-09-27' });
    assert.equal(later.status, 201);
    for (const { id } of (await rows('anna')).filter((row) => row.mayEnd)) await end('anna', id);
    assert.equal((await declare('anna', { deputy: people.bert, divisions: ['520300'] })).status, 201);
    assert.equal((await declare('anna', { deputy: people.carl, divisions: ['520102', '520302'] })).status, 400);
    assert.equal((await declare('anna', { deputy: people.carl, divisions: ['520102'] })).status, 201);
    for (const { id } of (await rows('anna')).filter((row) => row.mayEnd)) await end('anna', id);
  });

  it('a deputy who is absent has no deputy in turn; both are told [PLT-1.7]', async () => {
    await declare('anna', { deputy: people.bert });
    await declare('bert', { deputy: people.carl, from: '2026-09-23', to: '2026-09-30' });
    assert.deepEqual((await rows('anna')).find((row) => row.mayEnd)!.gaps, [{ from: '2026-09-23', to: '2026-09-25' }]);
    assert.equal(await lastMessage('anna'), '您的代理人bert氏也将外出');
    world.core.at('2026-09-24T09:00:00+08:00');
    assert.deepEqual(
      (await standingIn(world.core, people.carl!)).map(({ person }) => person.id),
      [people.bert],
    );
    world.core.at('2026-09-21T09:00:00+08:00');
  });

  it('an administrator declares it for the people of the office, nobody else for others [PLT-1.7]', async () => {
    assert.equal((await declare('chief', { person: people.county, deputy: people.bert })).status, 201);
    const [made] = await rows('chief');
    assert.deepEqual([made!.person.name, made!.declaredBy, made!.mayEnd], ['county氏', 'chief氏', true]);
    for (const [by, person] of [
      ['chief', people.anna],
      ['bert', people.carl],
    ] as const)
      assert.deepEqual(
        fields(await declare(by, { person, deputy: people.chief })).map(({ path }) => path),
        ['person'],
      );
    const { people: may }: AbsencePeople = (await browsers.chief!.send('GET', '/absences/people?for=person'))
      .body as never;
    assert.deepEqual(may.map(({ name }) => name).sort(), ['chief氏', 'county氏']);
    assert.equal((await end('bert', made!.id)).status, 404);
    assert.equal((await end('chief', made!.id)).status, 200);
  });

  it('on its first day and after its last the open pages of the deputy take the other rights, once however many copies run or begin that day [PLT-1.1, PLT-1.7]', async () => {
    await declare('county', { deputy: people.bert, from: '2026-10-08', to: '2026-10-09' });
    const told: string[] = [];
    let end = () => {};
    let connected = () => {};
    const ready = new Promise<void>((resolve) => (connected = resolve));
    const listening = listen(world.core.database.runUrl, world.core.log, {
      channels: ['zy_live'],
      heard: (_, payload) => (payload === 'end' ? end() : void told.push(payload)),
      connected,
    });
    await ready;
    for (const [day, tells] of [
      ['2026-10-07', false],
      ['2026-10-08', true],
      ['2026-10-09', false],
      ['2026-10-10', true],
    ] as const) {
      told.length = 0;
      const ended = new Promise<void>((resolve) => (end = resolve));
      world.core.at(`${day}T00:00:10+08:00`);
      await Promise.all([absence.tick(), anew().tick()]);
      await world.core.db.raw(`select pg_notify('zy_live', 'end')`);
      await ended;
      assert.deepEqual(told, tells ? [`rights person:${people.bert}`] : [], day);
    }
    await listening.stop();
    world.core.at('2026-09-21T09:00:00+08:00');
  });

  it('names the field that is wrong [PLT-1.7]', async () => {
    const wrong: [object, string][] = [
      [{ deputy: people.chief, person: people.chief }, 'deputy'],
      [{ deputy: people.bert, from: '2026-09-10', to: '2026-09-20' }, 'to'],
      [{ deputy: people.bert, from: '2026-09-25', to: '2026-09-21' }, 'to'],
      [{ deputy: people.bert, flows: ['no-flow'] }, 'flows/0'],
      [{ deputy: people.bert, divisions: ['999999'] }, 'divisions/0'],
      [{ deputy: '00000000-0000-4000-8000-000000000000' }, 'deputy'],
    ];
    for (const [body, path] of wrong)
      assert.deepEqual(
        fields(await declare('chief', body)).map((field) => field.path),
        [path],
      );
  });
});
