import assert from 'node:assert/strict';
import { openTopics, type TopicWorld } from '../testing.ts';

describe('assign-number', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  before(async () => (world = await openTopics()));
  after(() => world.close());

  it('draws a number for the step, the same at its second visit [PLT-6.1]', async () => {
    const given = await world.startCase();
    const draw = () => given.work('assign-number', { rule: 'document.cma.review' }, { step: 'number' });
    const first = await draw();
    assert.match(String(first.number_number), /检评〔2026〕1号$/);
    assert.deepEqual(await draw(), first);
    assert.equal((await world.core.db('number').where({ case_id: given.caseId }).first()).state, 'used');
    await assert.rejects(given.work('assign-number', { rule: 'no.such' }), { name: 'PermanentError' });
  });
});
