import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import knex, { type Knex } from 'knex';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { hashOfLine } from './chain.ts';
import { createAudit, type Audit } from './index.ts';

describe('audit', () => {
  let core: TestCore;
  let audit: Audit;
  /** May do everything, like somebody who broke in. */
  let owner: Knex;

  before(async () => {
    core = await openTestCore();
    audit = createAudit(core);
    owner = knex({ client: 'pg', connection: core.database.appUrl });
  });
  after(async () => {
    await owner.destroy();
    await core.close();
  });

  const write = (caseId: string | undefined, action: string, detail = {}) =>
    core.db.transaction((trx) => audit.write(trx, { caseId, action, detail }));
  const sequences = async (chain: string) =>
    (await core.db('audit').where({ chain }).orderBy('sequence')).map((line) => line.sequence);
  const faults = async () => (await audit.verify()).faults.map(({ chain, sequence }) => ({ chain, sequence }));

  it('numbers and chains the lines of one case although many write at once [PLT-8.1, PLT-8.2]', async () => {
    const caseId = randomUUID();
    const others = [randomUUID(), randomUUID()];
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => write([caseId, caseId, ...others][i % 4], 'task.claim', { i })),
    );
    assert.deepEqual(
      await sequences(caseId),
      Array.from({ length: 16 }, (_, i) => i + 1),
    );
    assert.deepEqual(await faults(), []);
  });

  it('keeps a chain per day in Shanghai for what has no case [PLT-8.1]', async () => {
    const late = createAudit({ ...core, time: { ...core.time, now: () => new Date('2026-11-20T16:30:00Z') } });
    await core.db.transaction((trx) => late.write(trx, { action: 'session.start' }));
    assert.deepEqual(await sequences('day:2026-11-21'), [1]);
  });

  it('leaves no line of a transaction that is rolled back, and no gap [PLT-8.2]', async () => {
    const caseId = randomUUID();
    await write(caseId, 'case.start');
    await assert.rejects(
      core.db.transaction(async (trx) => {
        await audit.write(trx, { caseId, action: 'task.claim' });
        throw new Error('no');
      }),
    );
    await write(caseId, 'task.release');
    assert.deepEqual(await sequences(caseId), [1, 2]);
    assert.deepEqual(await faults(), []);
  });

  it('reads back what was hashed, whatever the detail holds [PLT-8.2]', async () => {
    const caseId = randomUUID().toUpperCase();
    const detail = {
      b: 1.5e21,
      a: { z: null, ä: [-0, 1e-7, '标准「GB 5749」\n'] },
      when: new Date(0),
      gone: undefined,
    };
    await write(caseId, 'case.start', detail);
    assert.deepEqual(await sequences(caseId.toLowerCase()), [1]);
    assert.deepEqual(await faults(), []);
  });

  it('is closed to changes by the running product [PLT-8.2]', async () => {
    await write(randomUUID(), 'case.start');
    await audit.anchor();
    for (const table of ['audit', 'audit_anchor']) {
      await assert.rejects(core.db(table).update({ hash: '' }), { code: '42501' });
      await assert.rejects(core.db(table).delete(), { code: '42501' });
      await assert.rejects(core.db.raw(`truncate ${table}`), { code: '42501' });
    }
    await assert.rejects(core.db('audit_chain').delete(), { code: '42501' });
  });

  it('anchors each head once and then only what grew [PLT-8.2]', async () => {
    await audit.anchor();
    const caseId = randomUUID();
    const { hash } = await write(caseId, 'case.start');
    const [first, second] = await Promise.all([audit.anchor(), audit.anchor()]);
    const made = first ?? second;
    assert.ok(made && !(first && second));
    const { heads } = await core.db('audit_anchor').where({ hash: made }).first();
    assert.deepEqual(heads, { [caseId]: hash });
    assert.equal(await audit.anchor(), null);
    const found = await audit.verify();
    assert.equal(found.lastAnchor?.hash, made);
    assert.deepEqual(found.faults, []);
  });

  it('does not wait for a writer when it anchors [PLT-8.2]', async () => {
    const caseId = randomUUID();
    await write(caseId, 'case.start');
    await core.db.transaction(async (trx) => {
      await audit.write(trx, { caseId, action: 'task.claim' });
      assert.equal(await audit.anchor(), null);
    });
    assert.ok(await audit.anchor());
  });

  describe('finds where somebody laid hands on it', () => {
    /** The places found in a chain of five anchored lines after the damage. */
    async function placesAfter(damage: (lines: Knex.QueryBuilder, chain: string) => unknown): Promise<number[]> {
      const chain = randomUUID();
      for (let i = 1; i <= 5; i += 1) await write(chain, 'task.decide', { i });
      await audit.anchor();
      await damage(owner('audit').where({ chain }), chain);
      const { faults } = await audit.verify();
      return faults.filter((fault) => fault.chain === chain).map((fault) => fault.sequence);
    }

    it('a changed line [PLT-8.2]', async () => {
      assert.deepEqual(await placesAfter((lines) => lines.where('sequence', 3).update('detail', { i: 9 })), [3]);
    });
    it('a changed line whose hash was made anew, at the line after it [PLT-8.2]', async () => {
      const forge = async (lines: Knex.QueryBuilder) => {
        const line = { ...(await lines.clone().where('sequence', 3).first()), action: 'task.claim' };
        await lines.where('sequence', 3).update({ action: line.action, hash: hashOfLine(line) });
      };
      assert.deepEqual(await placesAfter(forge), [4]);
    });
    it('a removed line [PLT-8.2]', async () => {
      assert.deepEqual(await placesAfter((lines) => lines.where('sequence', 2).delete()), [2]);
    });
    it('two lines that changed places, and those that followed them [PLT-8.2]', async () => {
      const swap = (lines: Knex.QueryBuilder) =>
        lines
          .clone()
          .where('sequence', 2)
          .update('sequence', -1)
          .then(() => lines.clone().where('sequence', 4).update('sequence', 2))
          .then(() => lines.where('sequence', -1).update('sequence', 4));
      assert.deepEqual(await placesAfter(swap), [2, 3, 4, 5]);
    });
    it('removed last lines, by the head and by the anchor [PLT-8.2]', async () => {
      assert.deepEqual(await placesAfter((lines) => lines.where('sequence', '>', 3).delete()), [4, 0]);
    });
    it('a chain that was removed together with its head [PLT-8.2]', async () => {
      const remove = async (lines: Knex.QueryBuilder, chain: string) => {
        await lines.delete();
        await owner('audit_chain').where({ chain }).delete();
      };
      assert.deepEqual(await placesAfter(remove), [0]);
    });
    it('a changed anchor [PLT-8.2]', async () => {
      const { id } = await owner('audit_anchor').orderBy('id').first('id');
      await owner('audit_anchor').where({ id }).update({ previous: 'x' });
      const { faults } = await audit.verify();
      assert.deepEqual(
        faults.filter((fault) => fault.chain === 'anchor').map((fault) => fault.sequence),
        [Number(id)],
      );
    });
  });
});
