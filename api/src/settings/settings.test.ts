import assert from 'node:assert/strict';
import { z } from 'zod';
import { readSetting, type Setting } from '../core/index.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { settingRoutes } from './index.ts';

const text = { zh: '提醒', en: 'Warnings' };
const WARN: Setting<number[]> = {
  key: 'test.warn',
  title: text,
  help: text,
  schema: z.array(z.int().min(1)),
  fallback: [2],
};

describe('settings', function () {
  this.timeout(60_000);
  let world: TestOrganisation;
  before(async () => {
    world = await openTestOrganisation(({ core, audit }) => settingRoutes(core, { audit, settings: [WARN] }));
    await world.person('city', { office: '5201', grants: [['admin', '5201', 'tree']] });
  });
  after(() => world.close());

  it('show the default until somebody changes it, and then who did [PLT-10.2]', async () => {
    const root = await world.signIn('root');
    const before = await root.send('GET', '/settings');
    assert.deepEqual((before.body.settings as object[])[0], {
      key: 'test.warn',
      title: text,
      help: text,
      schema: z.toJSONSchema(WARN.schema),
      value: [2],
      default: [2],
    });
    let seen: string | null = null;
    for (const value of [[5, 1], [3]]) {
      const { status, body } = await root.send('PUT', '/settings/test.warn', { value, seen });
      assert.equal(status, 200);
      seen = (body.changed as { at: string }).at;
    }
    assert.deepEqual(await readSetting(world.core.db, WARN), [3]);
    const { body } = await root.send('GET', '/settings/test.warn/history');
    assert.deepEqual(
      (body.changes as { value: unknown; by: string }[]).map(({ value, by }) => [value, by]),
      [
        [[3], 'root氏'],
        [[5, 1], 'root氏'],
      ],
    );
  });

  it('name what is wrong with a value, and know no other [PLT-12.6]', async () => {
    const root = await world.signIn('root');
    const wrong = await root.send('PUT', '/settings/test.warn', { value: [1, 0] });
    assert.equal(wrong.status, 400);
    assert.deepEqual(
      (wrong.body.fields as { path: string }[]).map(({ path }) => path),
      ['value/1'],
    );
    assert.equal((await root.send('PUT', '/settings/test.other', { value: 1 })).status, 404);
    assert.deepEqual(await readSetting(world.core.db, WARN), [3]);
  });

  it('tell somebody who saw an older value what it is now [PLT-13.2]', async () => {
    const root = await world.signIn('root');
    const { status, body } = await root.send('PUT', '/settings/test.warn', { value: [7], seen: null });
    assert.deepEqual([status, body.code], [409, 'stale']);
    const { seen, ...facts } = body.facts as { seen: string };
    assert.deepEqual(facts, { by: 'root氏', theirs: [3], yours: [7] });
    assert.deepEqual(await readSetting(world.core.db, WARN), [3]);
    assert.equal((await root.send('PUT', '/settings/test.warn', { value: [3], seen })).status, 200);
  });

  it('are changed only by who administers the whole installation [PLT-7.3]', async () => {
    const city = await world.signIn('city');
    assert.equal((await city.send('PUT', '/settings/test.warn', { value: [9] })).status, 403);
  });
});
