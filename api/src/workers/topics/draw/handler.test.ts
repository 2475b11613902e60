import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';
import { pick } from './pick.ts';

describe('draw', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => {
    world = await openTopics();
    await world.core.db.transaction(async (trx) => {
      for (let i = 1; i <= 20; i += 1)
        await world.registers.write(trx, {
          register: 'enterprise',
          fields: { name: `示例企业${i}`, uscc: `9152010000000000${String(i).padStart(2, '0')}` },
        });
    });
  });
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));
  const draw = (input: Record<string, string>, at?: { id?: string; step?: string }) =>
    given.work('draw', { from: 'enterprise', count: '3', ...input }, at);
  const rows = () => world.core.db('draw').where({ case_id: given.caseId });
  const idsOf = (output: object) => String(Object.values(output)[0]).split(',');

  it('draws what can be drawn again from the record, once per step [EXP-2.3 SEQ-2.10]', async () => {
    const output = await draw({ filter: 'contains(name, "1")' });
    const [row] = await rows();
    assert.equal(row.candidates.length, 11, '1 and 10 to 19');
    assert.deepEqual(idsOf(output), row.drawn);
    assert.deepEqual(pick(row.seed, row.candidates, 3), row.drawn);
    assert.deepEqual(await draw({ filter: 'contains(name, "1")' }), output, 'a second visit draws nothing');
    assert.equal((await rows()).length, 1);
    const [line] = await world.core.db('audit').where({ case_id: given.caseId, action: 'draw.made' });
    assert.equal(line.detail.seed, row.seed);
    assert.match(line.detail.title, /示例企业1/);
  });

  it('leaves out the subject, entries of a field and those drawn of late, and says why [EXP-2.3]', async () => {
    const first = idsOf(await draw({ count: '10' }, { step: 'drawUnits' }));
    const { flow } = await world.core.db('case').where({ id: given.caseId }).first('flow');
    const other = (await world.core.db('enterprise').whereNotIn('id', first).first('id')).id;
    world.data.application!.rival = other;
    given = await world.startCase();
    await world.core.db('case').where({ id: given.caseId }).update({ flow });
    const second = idsOf(await draw({ count: '9', avoid: 'recent:P1Y, application.rival' }, { step: 'drawUnits' }));
    assert.deepEqual(
      second.filter((id) => first.includes(id) || id === other),
      [],
    );
    const [row] = await rows();
    assert.deepEqual(
      [row.avoided.length, row.avoided.filter(({ ground }: { ground: string }) => ground !== 'recent:P1Y')],
      [11, [{ id: other, ground: 'application.rival' }]],
    );
    await assert.rejects(
      draw({ count: '10', avoid: 'recent:P1Y' }, { step: 'drawUnits2' }).then(() =>
        draw({ count: '21' }, { step: 'more' }),
      ),
      {
        name: 'PermanentError',
        message: /20 to draw 21 from/,
      },
    );
  });

  it('gives each candidate the same chance [EXP-2.3]', () => {
    const ids = Array.from({ length: 10 }, (_, i) => `id-${i}`);
    const times = new Map(ids.map((id) => [id, 0]));
    for (let seed = 0; seed < 5000; seed += 1)
      for (const id of pick(String(seed), ids, 3)) times.set(id, times.get(id)! + 1);
    for (const [id, n] of times) assert.ok(Math.abs(n - 1500) < 150, `${id}: ${n} of 5000`);
  });
});
