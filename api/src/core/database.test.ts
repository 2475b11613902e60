import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import { openDatabase } from './database.ts';
import { openTestCore, type TestCore } from './testing.ts';

describe('a database that keeps statements', function () {
  this.timeout(60_000);
  let core: TestCore;
  let db: Knex;
  before(async () => {
    core = await openTestCore();
    db = openDatabase(core.database.runUrl, { max: 1, keepsStatements: true });
  });
  after(async () => {
    await db?.destroy();
    await core?.close();
  });

  const sum = async (on: Knex, a: number, b: number): Promise<number> =>
    (await on.raw('select ?::int + ?::int as sum', [a, b])).rows[0].sum;

  it('answers each with its own values, also in transactions and after a refusal', async () => {
    assert.deepEqual([await sum(db, 1, 2), await sum(db, 3, 4)], [3, 7]);
    assert.equal(await db.transaction((trx) => sum(trx, 5, 6)), 11);
    await assert.rejects(db.raw('select ?::int / ?::int', [1, 0]), /division by zero/);
    assert.equal((await db.raw('select ?::int / ?::int as part', [6, 2])).rows[0].part, 3);
    const kept = await db.raw(`select statement from pg_prepared_statements where statement like 'select $1::int + %'`);
    assert.equal(kept.rows.length, 1);
  });
});
