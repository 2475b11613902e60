import assert from 'node:assert/strict';
import { openTopics, type TopicWorld } from '../testing.ts';

const NODE = { name: '' };

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

  it('draws a number for each thread, the same at its second visit [PLT-6.1 RCL-6]', async () => {
    const given = await world.startCase();
    given.release.package.graph.nodes.push(
      { ...NODE, id: 'districts', type: 'subProcess', parent: 'sample', thread: { list: 'all', element: 'district' } },
      { ...NODE, id: 'number', type: 'serviceTask', parent: 'districts' },
    );
    const draw = (district: string) =>
      given.work('assign-number', { rule: 'document.cma.review' }, { step: 'number', variables: { district } });
    const [first, second, again] = [await draw('520102'), await draw('520103'), await draw('520102')];
    assert.notDeepEqual(first, second);
    assert.deepEqual(again, first);
  });
});
