import assert from 'node:assert/strict';
import { openTopics, type TopicWorld } from '../testing.ts';

describe('close-case', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  before(async () => (world = await openTopics()));
  after(() => world.close());

  it('makes void what was reserved, keeps what is in force, tells the applicant [CMA-3.7 PLT-12.1]', async () => {
    const given = await world.startCase();
    const { db } = world.core;
    await given.work('generate-document', { document: 'acceptance-notice' });
    const row = await db('case').where({ id: given.caseId }).first();
    const of = { case: row, release: given.release, step: 'reviewNotice', visit: 1, kind: 'review-notice' };
    const reserved = await db.transaction((trx) => world.documents.reserve(trx, of, 'unfinished'));
    await given.work('close-case', { reason: 'withdrawn' });
    const numbers = await db('number').where({ case_id: given.caseId }).orderBy('at');
    assert.deepEqual(
      numbers.map(({ state, reason }) => [state, reason]),
      [
        ['used', null],
        ['void', '申请人撤回申请'],
      ],
    );
    assert.equal((await db('document').where({ id: reserved.id }).first()).state, 'void');
    const [line] = await db('audit').where({ case_id: given.caseId, action: 'number.void' });
    assert.equal(line.detail.number, reserved.number);
    const [message] = await db('message').where({ case_id: given.caseId, kind: 'closed' });
    assert.match(message.title, /已办结：申请人撤回申请/);
  });
});
