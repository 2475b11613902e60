import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('serve-document', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => (world = await openTopics()));
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));
  const services = () => world.core.db('service').where({ case_id: given.caseId });

  it('sends the document in force to the institution, once [CMA-4.3 PLT-6.1]', async () => {
    await given.work('generate-document', { document: 'supplement-notice' });
    await given.work('serve-document', { document: 'supplement-notice' });
    await given.work('serve-document', { document: 'supplement-notice' });
    const [service, ...more] = await services();
    assert.deepEqual(
      [service.way, service.institution_id, service.served_at, more.length],
      ['electronic', given.institutionId, null, 0],
    );
    const messages = await world.core.db('message').where({ case_id: given.caseId, kind: 'served' });
    assert.match(messages[0].title, /《补正通知书》/);
  });

  it('sends a document that was made anew, too [PLT-6.1]', async () => {
    for (const _ of [1, 2]) {
      await given.work('generate-document', { document: 'supplement-notice' });
      await given.work('serve-document', { document: 'supplement-notice' });
    }
    assert.equal((await services()).length, 2);
  });

  it('stops for an operator where nothing was made', async () => {
    await assert.rejects(given.work('serve-document', { document: 'grant-decision' }), { name: 'PermanentError' });
  });
});
