import assert from 'node:assert/strict';
import { knownTopics } from '../../../main/known-topics.ts';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('publish', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => (world = await openTopics()));
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));
  const entries = () => world.core.db('publication').where({ case_id: given.caseId }).orderBy('published_at');
  const shown = () => world.core.db('published').whereIn('id', entries().clearSelect().clearOrder().select('id'));

  it('makes title, fields and document public, personal data masked, with the last day of the period [PLT-6.1]', async () => {
    await given.work('generate-document', { document: 'acceptance-notice' });
    await given.work('publish', {
      list: 'results',
      title: '{subject} 准予许可',
      fields: 'application.name, application.contactMobile, application.fax',
      document: 'acceptance-notice',
      until: 'P5WD',
    });
    const [entry] = await shown();
    const { name, contactMobile } = world.data.application!;
    assert.equal(entry.title, '黔测检测有限公司 准予许可');
    assert.equal(entry.fields[0].value, name);
    const mobile = String(contactMobile);
    assert.equal(entry.fields[1].value, `${mobile.slice(0, 3)}****${mobile.slice(-4)}`);
    assert.match(entry.document_title, /受理通知书/);
    assert.equal(entry.until, '2026-11-27');
    const [line] = await world.core.db('audit').where({ case_id: given.caseId, action: 'publication.made' });
    assert.equal(line.detail.addressee, '许可结果');
  });

  it('replaces what the step made public at its last visit, and takes back all of a list [PLT-6.1]', async () => {
    const publish = (title: string) => given.work('publish', { list: 'results', title });
    await publish('一');
    await publish('二');
    assert.deepEqual(
      (await shown()).map(({ title }) => title),
      ['二'],
    );
    await given.work('publish', { list: 'results', withdraw: 'true' }, { step: 'takeBack' });
    assert.deepEqual(await shown(), []);
    assert.deepEqual(
      (await entries()).map((row) => [row.title, row.withdrawal_reason]),
      [
        ['一', null],
        ['二', '按流程撤下'],
      ],
    );
  });

  it('stops for an operator where the document was never made', async () => {
    const input = { list: 'results', title: '一', document: 'grant-decision' };
    await assert.rejects(given.work('publish', input), { name: 'PermanentError' });
  });

  it('is refused before release with a list, field, document or word that is not there [PLT-4.1]', () => {
    const topic = knownTopics().find(({ name }) => name === 'publish')!;
    const shared = {
      english: {},
      roles: [],
      numberRules: [],
      blocks: {},
      lists: [{ id: 'results', zh: '结果', en: 'Results' }],
    };
    const missing = (input: object) => topic.missing!(topic.input.parse(input), given.release.package, shared);
    assert.deepEqual(missing({ list: 'results', title: '{subject}', fields: 'application.name' }), []);
    const wrong = missing({ list: 'none', title: '{what}', fields: 'application.none', document: 'none' });
    assert.deepEqual(
      wrong.map(({ zh }) => zh),
      [
        '没有可填入 {what} 的内容',
        'lists.json 没有列表 none',
        '没有字段 application.none',
        'documents.json 没有文书 none',
      ],
    );
    assert.throws(() => topic.input.parse({ list: 'results' }), /要有标题/);
  });
});
