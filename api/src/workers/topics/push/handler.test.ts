import assert from 'node:assert/strict';
import { knownTopics } from '../../../main/known-topics.ts';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

const PUSH = { system: 'double-random', message: 'object' };

/** How a step waits for the answer is shown in `start-case/handler.test.ts`, how calls are sent in `connectors`. */
describe('push', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => {
    world = await openTopics();
    given = await world.startCase();
  });
  after(() => world.close());

  it('queues what the case says, for the system that the step names [CMA-8.2 PLT-9.5]', async () => {
    const content = 'name=application.name; uscc=application.uscc; category=检验检测机构; certificate=document.none';
    await given.work('push', { ...PUSH, content, answer: 'listed' });
    const [call] = await world.core.db('connector_call').where({ case_id: given.caseId });
    const { name, uscc } = world.data.application!;
    assert.deepEqual(
      [call.system, call.step, call.answer_step, call.state, call.request],
      ['double-random', 'push', 'listed', 'queued', { name, uscc, category: '检验检测机构' }],
    );
    const [line] = await world.core.db('audit').where({ case_id: given.caseId, action: 'connector.queued' });
    assert.deepEqual(line.detail, { title: '检查对象', addressee: '双随机、一公开监管平台' });
  });

  it('stops for an operator where the content is not what was agreed [PLT-9.5]', async () => {
    await assert.rejects(given.work('push', { ...PUSH, content: 'name=application.name' }), {
      name: 'PermanentError',
      message: /uscc/,
    });
  });

  it('is refused before release with a system, content or step that is not there [PLT-4.1]', () => {
    const topic = knownTopics().find(({ name }) => name === 'push')!;
    const shared = { english: {}, roles: [], numberRules: [], blocks: {}, lists: [] };
    const missing = (input: object) =>
      topic.missing!(topic.input.parse(input), given.release.package, shared).map(({ zh }) => zh);
    assert.deepEqual(missing({ ...PUSH, content: 'name=x; uscc=y; category=z' }), []);
    assert.deepEqual(missing({ ...PUSH, content: 'name=x; colour=red', answer: 'nowhere' }), [
      '报文没有 colour',
      '报文缺 uscc',
      '报文缺 category',
      '没有等待答复的环节 nowhere',
    ]);
    assert.deepEqual(missing({ system: 'nobody', message: 'object', content: 'a=b' }), [
      '没有系统 nobody 的报文 object',
    ]);
  });
});
