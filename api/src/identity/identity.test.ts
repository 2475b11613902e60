import assert from 'node:assert/strict';
import { verify } from '@node-rs/argon2';
import { openTestOrganisation, PASSWORD, type TestOrganisation } from '../organisation/testing.ts';
import { createPasswordCheck, hashPassword } from './password.ts';

describe('identity', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  before(async () => {
    world = await openTestOrganisation();
  });
  after(() => world.close());
  const tryAt = (login: string, password: string) => world.site.browser().send('POST', '/session', { login, password });

  it('signs in, says who I am and what day it is, signs out [PLT-7.2]', async () => {
    world.core.at('2026-11-21T16:30:00Z');
    const browser = await world.signIn(' Root ');
    const { status, body } = await browser.send('GET', '/me');
    assert.equal(status, 200);
    assert.deepEqual(body.grants, [
      { role: 'admin', roleTitle: '系统管理员', office: '52', officeName: '省局', reach: 'tree' },
    ]);
    assert.deepEqual(body.today, { date: '2026-11-22', weekday: '周日', workingDay: true });
    world.core.at('2027-01-04T04:00:00Z');
    assert.equal((await browser.send('GET', '/me')).body.today['workingDay'], null);
    assert.equal((await browser.send('DELETE', '/session')).status, 200);
    assert.equal((await browser.send('GET', '/me')).body.code, 'not-signed-in');
  });

  it('keeps the session in a cookie that no script and no other site gets, under a new id per sign-in [PLT-7.2]', async () => {
    const browser = await world.signIn('root');
    const first = browser.cookie;
    const { headers } = await browser.send('POST', '/session', { login: 'root', password: PASSWORD });
    assert.match(headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/);
    assert.notEqual(browser.cookie, first);
    const old = world.site.browser();
    old.cookie = first;
    assert.equal((await old.send('GET', '/me')).status, 401);
  });

  it('answers the same to an unknown login, a wrong password and a locked account [PLT-7.2, PLT-12.6]', async () => {
    world.core.at('2026-11-21T02:00:00Z');
    await world.person('wei');
    const unknown = await tryAt('nobody', PASSWORD);
    const wrong = [];
    for (let i = 0; i < 5; i += 1) wrong.push(await tryAt('wei', `${PASSWORD}${i}`));
    const locked = await tryAt('wei', PASSWORD);
    for (const answer of [...wrong, locked])
      assert.deepEqual([answer.status, answer.body], [unknown.status, unknown.body]);
    world.core.at('2026-11-21T02:14:59Z');
    assert.equal((await tryAt('wei', PASSWORD)).status, 401);
    world.core.at('2026-11-21T02:15:01Z');
    assert.equal((await tryAt('wei', PASSWORD)).status, 200);
    const actions = await world.core.db('audit').where({ action: 'account.locked' });
    assert.equal(actions.length, 1);
  });

  it('lets no more than five guesses through that come at once [PLT-7.2]', async () => {
    await world.person('tian');
    const guesses = Array.from({ length: 12 }, (_, i) => tryAt('tian', i === 11 ? PASSWORD : `${PASSWORD}${i}`));
    await Promise.all(guesses);
    const { failures, locked_until } = await world.core.db('account').where({ login: 'tian' }).first();
    assert.ok(failures <= 5 && (failures === 0 || locked_until !== null));
  });

  it('a right password before the fifth failure starts the count again [PLT-7.2]', async () => {
    await world.person('long');
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 4; i += 1) await tryAt('long', `${PASSWORD}${i}`);
      assert.equal((await tryAt('long', PASSWORD)).status, 200);
    }
  });

  it('does the same for an unknown login as for a wrong password: one look at a hash of one cost [PLT-7.2]', async () => {
    const looked: string[] = [];
    const { matches } = createPasswordCheck((stored, password) => {
      looked.push(stored);
      return verify(stored, password);
    });
    assert.equal(await matches(await hashPassword(PASSWORD), 'wrong-Password-1'), false);
    assert.equal(await matches(null, 'wrong-Password-1'), false);
    const costs = looked.map((stored) => stored.split('$').slice(0, 4).join('$'));
    assert.equal(costs.length, 2);
    assert.equal(costs[0], costs[1]);
    await world.person('yang');
    const [known, unknown] = [await tryAt('yang', 'wrong-Password-1'), await tryAt('nobody', 'wrong-Password-1')];
    assert.deepEqual([unknown.status, unknown.body.code], [known.status, known.body.code]);
  });

  it('keeps no password in the clear, neither in the account nor in the audit [PLT-7.2]', async () => {
    const { rows } = await world.core.db.raw(
      `select (select string_agg(a::text, '') from account a) || (select string_agg(l::text, '') from audit l) || (select string_agg(s::text, '') from session s) as all`,
    );
    assert.ok(!rows[0].all.includes(PASSWORD));
    assert.match((await world.core.db('account').first()).password_hash, /^\$argon2id\$/);
  });

  it('puts somebody out at once who left, lost a role or got a new password [PLT-7.1, PLT-7.3]', async () => {
    const grants: [string, string, 'own'][] = [['admin', '5201', 'own']];
    const id = await world.person('bai', { office: '5201', grants });
    const browser = await world.signIn('bai');
    assert.equal((await browser.send('GET', '/offices')).status, 200);
    const root = await world.signIn('root');
    const [grant] = (await root.send('GET', `/people/${id}/grants`)).body.rows as { id: string }[];
    assert.equal((await root.send('DELETE', `/people/${id}/grants/${grant?.id}`)).status, 200);
    assert.equal((await browser.send('GET', '/offices')).body.code, 'not-allowed');

    const renewed = await root.send('PUT', `/people/${id}/password`, { login: 'bai', password: `${PASSWORD}2` });
    assert.equal(renewed.status, 200);
    assert.equal((await browser.send('GET', '/me')).status, 401);

    const again = await world.site.signedIn({ login: 'bai', password: `${PASSWORD}2` });
    assert.equal((await root.send('POST', `/people/${id}/end`)).status, 200);
    assert.equal((await again.send('GET', '/me')).status, 401);
    assert.equal((await tryAt('bai', `${PASSWORD}2`)).status, 401);
  });

  it('refuses writes that a browser sends from another site [PLT-7.3]', async () => {
    const browser = await world.signIn('root');
    const leave = (headers: Record<string, string>) => browser.send('DELETE', '/session', undefined, headers);
    assert.equal((await leave({ origin: 'https://evil.example' })).body.code, 'foreign-origin');
    assert.equal((await leave({ origin: 'null' })).body.code, 'foreign-origin');
    assert.equal((await leave({ 'sec-fetch-site': 'cross-site' })).body.code, 'foreign-origin');
    assert.equal((await leave({ origin: world.site.url, 'sec-fetch-site': 'same-origin' })).status, 200);
  });

  it('refuses characters that cannot be kept, and what is no JSON object [PLT-12.6]', async () => {
    assert.equal((await tryAt('ro\0ot', PASSWORD)).status, 400);
    assert.equal((await world.site.browser().send('POST', '/session', [])).status, 400);
    assert.equal((await world.site.browser().send('POST', '/session', { login: 'x'.repeat(101) })).status, 400);
  });

  it('stops an address that keeps failing, and counts no success [PLT-7.2]', async function () {
    this.timeout(30_000);
    const other = await openTestOrganisation();
    try {
      const send = () => other.site.browser().send('POST', '/session', { login: 'root', password: PASSWORD });
      assert.equal((await send()).status, 200);
      await other.core.db('account').where({ login: 'root' }).update({ disabled_at: new Date() });
      const answers = await Promise.all(Array.from({ length: 201 }, send));
      assert.equal(answers.filter(({ status }) => status === 401).length, 200);
      const stopped = answers.find(({ status }) => status === 429);
      assert.equal(stopped?.headers.get('retry-after'), '600');
    } finally {
      await other.close();
    }
  });
});
