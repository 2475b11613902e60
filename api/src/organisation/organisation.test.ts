import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Browser } from '../identity/testing.ts';
import { openTestOrganisation, PASSWORD, type TestOrganisation } from './testing.ts';

const institution = (entry: string) => ({ register: 'institution', entry });

describe('organisation', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  let root: Browser;
  before(async () => {
    world = await openTestOrganisation();
    root = await world.signIn('root');
  });
  after(() => world.close());

  const ancestors = async (office: string) =>
    (await world.core.db('office_ancestor').where({ office }).orderBy('distance')).map((row) => row.ancestor);
  const fields = (body: Record<string, never>) => (body.fields as { path: string }[]).map(({ path }) => path);

  it('loads the divisions and roles of the product, and nothing twice [PLT-7.1]', async () => {
    const count = async () => Number((await world.core.db('division').count().first())?.count);
    const before = await count();
    await world.organisation.start();
    assert.equal(await count(), before);
    assert.equal(await world.organisation.divisionName('520102'), '南明区');
    const { body } = await root.send('GET', '/divisions?parent=520000');
    assert.deepEqual(body.rows[0], { code: '520100', name: '贵阳市', level: 'city', leaf: false });
  });

  it('hangs an office below the nearest one above, also between two others [PLT-7.1]', async () => {
    assert.deepEqual(await ancestors('520102'), ['520102', '5201', '52']);
    const make = (code: string) => root.send('POST', '/offices', { code, name: code, shortName: code });
    assert.equal((await make('520402')).body.parent, '52');
    assert.equal((await make('5204')).body.level, 'city');
    assert.deepEqual(await ancestors('520402'), ['520402', '5204', '52']);
    assert.equal((await world.organisation.office('520402'))?.parent, '5204');
    assert.deepEqual(await ancestors('5204'), ['5204', '52']);
  });

  it('says what is wrong with an office [PLT-12.6]', async () => {
    const make = async (code: string) => {
      const { status, body } = await root.send('POST', '/offices', { code, name: '某局', shortName: '某局' });
      return [status, body.code === 'invalid' && fields(body)];
    };
    assert.deepEqual(await make('5201'), [400, ['code']]);
    assert.deepEqual(await make('5299'), [400, ['code']]);
    assert.deepEqual(await make('52010'), [400, ['code']]);
    assert.equal((await make('45'))[0], 404);
    const both = await Promise.all([make('5205'), make('5205')]);
    assert.deepEqual(both.map(([status]) => status).sort(), [201, 400]);
  });

  it('changes an office and keeps what it was [PLT-7.1, PLT-8.1]', async () => {
    const change = { shortName: '遵义', profile: { phone: '0851-1234' }, version: 1 };
    const { body } = await root.send('PATCH', '/offices/5203', change);
    assert.deepEqual([body.shortName, body.version], ['遵义', 2]);
    assert.equal((await root.send('PATCH', '/offices/5299', { version: 1 })).status, 404);
    const line = await world.core.db('audit').where({ action: 'office.changed' }).orderBy('id', 'desc').first();
    assert.equal(line.detail.before.short_name, '遵义市局');
    assert.equal(line.detail.after.short_name, '遵义');
    assert.equal(line.role, 'admin');
  });

  it('shows both versions to whoever changes what somebody else has changed meanwhile [PLT-13.2]', async () => {
    const id = await world.person('twice');
    const patch = (path: string, body: object) => root.send('PATCH', path, body);
    assert.equal((await patch(`/people/${id}`, { position: '科长', version: 1 })).status, 200);
    const late = await patch(`/people/${id}`, { position: '处长', version: 1 });
    assert.deepEqual(
      [late.status, late.body.code, late.body.facts],
      [409, 'stale', { seen: 2, theirs: { position: '科长' }, yours: { position: '处长' } }],
    );
    const { version } = (await root.send('GET', `/people/${id}`)).body;
    assert.equal((await patch(`/people/${id}`, { position: '处长', version })).body.position, '处长');
    const moved = await patch(`/people/${id}`, { office: '5201', version: 1 });
    assert.deepEqual(moved.body.facts, {
      seen: 3,
      theirs: { office: '52', officeName: '省局' },
      yours: { office: '5201', officeName: '贵阳市局' },
    });

    const both = await Promise.all(['甲', '乙'].map((name) => patch('/offices/520102', { name, version: 1 })));
    const [won, lost] = both.sort((a, b) => a.status - b.status) as [(typeof both)[0], (typeof both)[0]];
    assert.deepEqual([won.status, lost.status], [200, 409]);
    const { theirs, yours } = lost.body.facts as { theirs: { name: string }; yours: { name: string } };
    assert.deepEqual([theirs.name, yours.name].sort(), ['乙', '甲'].sort());
    assert.equal(theirs.name, won.body.name);
  });

  it('ends an office at which nobody is left, and gives it to nobody any more [PLT-7.1]', async () => {
    await root.send('POST', '/offices', { code: '520302', name: '红花岗区局', shortName: '红花岗区局' });
    const person = await world.person('lastone', { office: '520302', grants: [['cma.acceptance', '520302', 'own']] });
    const end = (version: number) => root.send('POST', '/offices/520302/end', { version });
    const refused = await end(1);
    assert.deepEqual([refused.status, refused.body.code], [409, 'office-in-use']);
    assert.equal(refused.body.zh, '还有 1 位人员，先调到别的机关；1 个角色，先收回');
    await root.send('POST', `/people/${person}/end`);
    const renamed = await root.send('PATCH', '/offices/520302', { shortName: '红花岗局', version: 1 });
    const overtaken = await end(1);
    assert.deepEqual(
      [overtaken.status, overtaken.body.code, overtaken.body.facts],
      [
        409,
        'stale',
        {
          seen: 2,
          theirs: { name: '红花岗区局', shortName: '红花岗局', profile: {}, ended: false },
          yours: { ended: true },
        },
      ],
    );
    assert.equal((await end(renamed.body.version)).status, 200);
    const again = await end(renamed.body.version);
    const { seen, theirs } = again.body.facts as { seen: number; theirs: { ended: boolean } };
    assert.deepEqual([again.status, again.body.code, seen, theirs.ended], [409, 'stale', 3, true]);
    assert.equal((await end(seen)).body.code, 'stale');
    const other = await world.person('other');
    assert.deepEqual(
      [
        fields((await root.send('PATCH', `/people/${other}`, { office: '520302', version: 1 })).body),
        fields(
          (await root.send('POST', `/people/${other}/grants`, { role: 'operator', office: '520302', reach: 'own' }))
            .body,
        ),
      ],
      [['office'], ['office']],
    );
    const listed = async (query: string) =>
      ((await root.send('GET', `/offices?q=5203${query}`)).body.rows as { code: string }[]).map(({ code }) => code);
    assert.deepEqual([await listed(''), await listed('&open=true')], [['5203', '520302'], ['5203']]);

    const reopen = (version: number) => root.send('POST', '/offices/520302/reopen', { version });
    const late = await reopen(1);
    assert.deepEqual([late.status, late.body.code], [409, 'stale']);
    const reopened = await reopen((late.body.facts as { seen: number }).seen);
    assert.deepEqual([reopened.status, reopened.body.endedAt, reopened.body.parent], [200, null, '5203']);
    assert.deepEqual(
      [(await reopen(reopened.body.version)).body.code, await listed('&open=true')],
      ['stale', ['5203', '520302']],
    );
    assert.equal((await root.send('PATCH', `/people/${other}`, { office: '520302', version: 1 })).status, 200);
    const { detail, role } = await world.core.db('audit').where({ action: 'office.reopened' }).first();
    assert.deepEqual([detail, role], [{ title: '红花岗区局', number: '520302' }, 'admin']);
  });

  it('an office that is opened again stands between those that have come and gone meanwhile [PLT-7.1]', async () => {
    const post = async (path: string, body: object = {}) => {
      const answer = await root.send('POST', path, body);
      assert.ok(answer.status < 300, path);
      return answer.body;
    };
    const above = async () => (await world.core.db('office').where({ code: '522301' }).first()).parent;
    for (const code of ['5223', '522301']) await post('/offices', { code, name: code, shortName: code });
    for (const code of ['522301', '5223']) await post(`/offices/${code}/end`, { version: 1 });
    await post('/offices/522301/reopen', { version: 2 });
    assert.equal(await above(), '52');
    await post('/offices/5223/reopen', { version: 2 });
    assert.equal(await above(), '5223');
  });

  it('registers people with account and roles [PLT-7.1, PLT-7.2]', async () => {
    const made = await root.send('POST', '/people', {
      name: '韦若岚',
      kind: 'staff',
      office: '520102',
      mobile: '13800000001',
      account: { login: 'Wei.Ruolan', password: PASSWORD },
    });
    assert.equal(made.status, 201);
    const person = `/people/${made.body.id}`;
    const grant = { role: 'cma.acceptance', office: '520102', reach: 'own' };
    assert.equal((await root.send('POST', `${person}/grants`, grant)).status, 201);
    assert.deepEqual(fields((await root.send('POST', `${person}/grants`, grant)).body), ['role']);
    const view = (await root.send('GET', person)).body;
    assert.equal(view.accounts[0]['login'], 'wei.ruolan');
    assert.equal(view.grants[0]['roleTitle'], '资质认定受理岗');
    const change = { mobile: null, position: '副科长', version: 1 };
    assert.equal((await root.send('PATCH', person, change)).body.position, '副科长');
    const found = (await root.send('GET', '/people?q=wei.r')).body.rows as { name: string }[];
    assert.deepEqual(
      found.map(({ name }) => name),
      ['韦若岚'],
    );
  });

  it('names the field of everything that does not fit [PLT-12.6]', async () => {
    const cases: [object, string[]][] = [
      [{ kind: 'staff', name: '甲' }, ['office']],
      [{ kind: 'staff', name: '甲', office: '5299' }, ['office']],
      [{ kind: 'staff', name: '甲', office: '52', mobile: '123' }, ['mobile']],
      [{ kind: 'staff', name: '甲', office: '52', account: { login: 'a b', password: PASSWORD } }, ['account/login']],
      [{ kind: 'staff', name: '甲', office: '52', account: { login: 'root', password: PASSWORD } }, ['account/login']],
      [{ kind: 'staff', name: '甲', office: '52', account: { login: 'jia', password: 'short' } }, ['account/password']],
      [
        { kind: 'staff', name: '甲', office: '52', account: { login: 'jia', password: 'onlysmallletters' } },
        ['account/password'],
      ],
      [
        { kind: 'staff', name: '甲', office: '52', account: { login: 'jia', password: 'Jia-2026-x!' } },
        ['account/password'],
      ],
      [{ kind: 'other', name: '' }, ['name', 'kind']],
    ];
    for (const [body, expected] of cases) {
      const answer = await root.send('POST', '/people', body);
      assert.equal(answer.body.code, 'invalid', JSON.stringify(body));
      assert.deepEqual(fields(answer.body), expected);
    }
    const id = await world.person('someone');
    const grant = (body: object) => root.send('POST', `/people/${id}/grants`, { reach: 'own', office: '52', ...body });
    assert.deepEqual(fields((await grant({ role: 'king' })).body), ['role']);
    assert.deepEqual(
      fields((await root.send('POST', `/people/${id}/representations`, institution(randomUUID()))).body),
      ['person'],
    );
  });

  it('lets people act for entries of several registers from a day to a day [PLT-7.6]', async () => {
    const entries = await Promise.all(
      ['institution', 'enterprise'].map(async (register) => {
        const fields = { name: '贵州岭砚有限公司', uscc: '91520115MA0004171A', updated_at: new Date() };
        const [{ id }] = await world.core.db(register).insert(fields).returning('id');
        return { register, entry: id as string };
      }),
    );
    const id = await world.person('shenqing', { office: null });
    const browser = await world.signIn('shenqing');
    const acting = async () =>
      ((await browser.send('GET', '/me')).body.institutions as { register: string; id: string }[]).map(
        ({ register, id: entry }) => ({ register, entry }),
      );
    const path = `/people/${id}/representations`;
    const [first, second] = entries as [(typeof entries)[0], (typeof entries)[0]];
    const crossed = { register: second.register, entry: first.entry };
    assert.deepEqual(fields((await root.send('POST', path, crossed)).body), ['entry']);
    for (const body of entries) assert.equal((await root.send('POST', path, body)).status, 201);
    assert.deepEqual(fields((await root.send('POST', path, first)).body), ['entry']);
    assert.deepEqual(await acting(), entries);
    const of = `${path}/${first.register}/${first.entry}`;
    assert.equal((await root.send('DELETE', of)).status, 200);
    assert.equal((await root.send('DELETE', of)).status, 404);
    assert.deepEqual(await acting(), [second]);
    assert.equal((await root.send('POST', path, first)).status, 201);
    assert.deepEqual(await acting(), [second, first]);
  });

  it('gives the tasks of somebody who leaves back to their groups [PLT-7.1]', async () => {
    const id = await world.person('leaving');
    await world.core.db('task').insert({ id: 'held', step: 'acceptance', holder: id });
    await root.send('POST', `/people/${id}/end`);
    assert.equal((await world.core.db('task').where({ id: 'held' }).first()).holder, null);
    assert.equal((await root.send('POST', `/people/${id}/end`)).status, 404);
  });

  it('gives back only what the ended role alone had offered [PLT-7.1]', async () => {
    const { db } = world.core;
    const id = await world.person('moving', {
      grants: [
        ['cma.acceptance', '52', 'own'],
        ['operator', '52', 'own'],
      ],
    });
    await db('task').insert([
      { id: 'lost', step: 'acceptance', holder: id },
      { id: 'kept', step: 'mending', holder: id },
    ]);
    await db('task_group').insert([
      { task_id: 'lost', grp: 'cma.acceptance@52' },
      { task_id: 'kept', grp: 'operator@52' },
    ]);
    const grants = (await root.send('GET', `/people/${id}`)).body.grants as { id: string; role: string }[];
    const acceptance = grants.find(({ role }) => role === 'cma.acceptance')!;
    assert.equal((await root.send('DELETE', `/people/${id}/grants/${acceptance.id}`)).status, 200);
    const holders = await db('task').whereIn('id', ['lost', 'kept']).orderBy('id').pluck('holder');
    assert.deepEqual(holders, [id, null]);
  });

  describe('an administrator of a city', () => {
    let city: Browser;
    let inside: string;
    let outside: string;
    before(async () => {
      await world.person('city', { office: '5201', grants: [['admin', '5201', 'tree']] });
      inside = await world.person('inside', { office: '520102' });
      outside = await world.person('outside', { office: '5203' });
      city = await world.signIn('city');
    });

    it('sees and changes the own offices and people only [PLT-7.1, PLT-7.3]', async () => {
      const offices = (await city.send('GET', '/offices')).body.rows as { code: string }[];
      assert.deepEqual(
        offices.map(({ code }) => code),
        ['5201', '520102'],
      );
      const people = (await city.send('GET', '/people')).body.rows as { office: string }[];
      assert.ok(people.length > 0 && people.every(({ office }) => office.startsWith('5201')));
      assert.equal((await city.send('GET', `/people/${inside}`)).status, 200);
      for (const [method, path, body] of [
        ['GET', `/people/${outside}`],
        ['PATCH', `/people/${outside}`, { name: '乙', version: 1 }],
        ['POST', `/people/${outside}/end`],
        ['PUT', `/people/${outside}/password`, { login: 'outside', password: PASSWORD }],
        ['POST', `/people/${outside}/grants`, { role: 'operator', office: '5201', reach: 'own' }],
        ['POST', '/people', { name: '乙', kind: 'applicant' }],
        ['POST', '/offices/5203/end', { version: 1 }],
        ['POST', '/offices/5203/reopen', { version: 1 }],
        ['POST', '/offices', { code: '5206', name: '乙', shortName: '乙' }],
        ['PATCH', '/offices/52', { name: '乙', version: 1 }],
      ] as const)
        assert.equal((await city.send(method, path, body)).status, 404, `${method} ${path}`);
    });

    it('gives no role beyond the own reach, and touches nobody who holds one there [PLT-7.1, PLT-7.3]', async () => {
      const grant = (body: object) =>
        city.send('POST', `/people/${inside}/grants`, { role: 'operator', reach: 'own', ...body });
      assert.equal((await grant({ office: '52' })).status, 404);
      assert.equal((await grant({ office: '520102', reach: 'tree' })).status, 201);
      await world.person('strong', { office: '520102', grants: [['operator', '52', 'own']] });
      const { id } = await world.core.db('person').where({ name: 'strong氏' }).first();
      const renew = await city.send('PUT', `/people/${id}/password`, { login: 'strong', password: PASSWORD });
      assert.equal(renew.status, 404);
    });
  });
});
