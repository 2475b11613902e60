import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('generate-document', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => (world = await openTopics()));
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));
  const documents = () => world.core.db('document').where({ case_id: given.caseId }).orderBy('made_at');

  it('makes, numbers and seals what the step names [CMA-4.3 PLT-6.1]', async () => {
    assert.deepEqual(await given.work('generate-document', { document: 'acceptance-notice, review-notice' }), {});
    const made = await documents();
    assert.deepEqual(
      made.map(({ kind, state, step, visit }) => [kind, state, step, visit]),
      [
        ['acceptance-notice', 'sealed', 'generateDocument', 1],
        ['review-notice', 'sealed', 'generateDocument', 1],
      ],
    );
    assert.match(made[0].number, /检受〔2026〕\d+号$/);
    assert.equal(made[0].data.applicant.name, '黔测检测有限公司');
    assert.equal(made[0].data.tables.capabilities.length, 300);
  });

  it('does nothing again when the work is delivered again [PLT-12.1]', async () => {
    for (const _ of [1, 2])
      await given.work('generate-document', { document: 'acceptance-notice' }, { id: given.caseId });
    assert.equal((await documents()).length, 1);
    assert.equal((await world.core.db('number').where({ case_id: given.caseId })).length, 1);
  });

  it('supersedes with a second visit what the first one made [CMA-4.3 PLT-6.1]', async () => {
    await given.work('generate-document', { document: 'rectification-notice' });
    await given.work('generate-document', { document: 'rectification-notice' });
    const [first, second] = await documents();
    assert.deepEqual(
      [first.state, first.superseded_by, second.state, second.version],
      ['superseded', second.id, 'sealed', 2],
    );
    assert.notEqual(first.number, second.number);
  });

  it('stops for an operator at a letter that the fonts lack, naming it and its field [PLT-6.1]', async () => {
    const { name } = world.data.application!;
    world.data.application!.name = '𪚥面检测';
    await assert.rejects(given.work('generate-document', { document: 'acceptance-notice' }), {
      name: 'PermanentError',
      message: /「𪚥」（U\+2A6A5）/,
    });
    world.data.application!.name = name;
  });

  it('stops for an operator where the flow has no such document', async () => {
    await assert.rejects(given.work('generate-document', { document: 'no-such' }), { name: 'PermanentError' });
    await assert.rejects(given.work('generate-document', {}), /document/);
  });
});
