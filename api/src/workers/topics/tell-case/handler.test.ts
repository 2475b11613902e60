import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

/** What the exit does to the other case is shown in `start-case/handler.test.ts`, on the engine. */
describe('tell-case', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  let other: TopicCase;
  before(async () => (world = await openTopics()));
  after(() => world.close());
  beforeEach(async () => {
    [given, other] = [await world.startCase(), await world.startCase()];
    await world.core.db('case_link').insert({
      ...{ case_id: given.caseId, started: other.caseId, step: 'open', at: world.core.time.now() },
    });
  });
  const tell = (input: Record<string, string>) => given.work('tell-case', { take: 'withdrawn', ...input });

  it('tells open related cases of the flow that the step names, no others [PLT-4.1]', async () => {
    assert.deepEqual(await tell({ flow: 'another' }), { tellCase_told: 0 });
    await world.core.db('case').where({ id: other.caseId }).update({ state: 'closed' });
    assert.deepEqual(await tell({}), { tellCase_told: 0 });
  });

  it('stops for an operator where the other flow has no such exit [PLT-4.1]', async () => {
    await assert.rejects(tell({}), { name: 'PermanentError', message: /no exit withdrawn/ });
  });
});
