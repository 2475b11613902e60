import assert from 'node:assert/strict';
import { createFonts } from '../../../documents/index.ts';
import { knownTopics } from '../../../main/known-topics.ts';
import { createPdf } from '../../../signatures/testing.ts';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

const ASK = { document: 'acceptance-notice', place: 'receiver', by: 'starter', answer: 'signed' };
const FIELDS = { by: 'application.contactName', phone: 'application.contactMobile' };

/** How links are used and steps go on is shown in `signing`. */
describe('sign-document', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => (world = await openTopics()));
  after(() => world.close());
  beforeEach(async () => {
    given = await world.startCase();
    const { documents, steps } = given.release.package;
    documents['acceptance-notice']!.signatures = [
      { id: 'receiver', title: { zh: '受送达人', en: 'Addressee' }, place: '（受送达人签名）' },
      { id: 'witness', title: { zh: '见证人', en: 'Witness' }, place: '（见证人签名）' },
    ];
    Object.assign(steps, { signed: { type: 'receive' } });
  });

  async function make() {
    await given.work('generate-document', { document: 'acceptance-notice' });
    const { hash } = await world.core.files.put(await createPdf(['（受送达人签名）'], createFonts().serif));
    await world.core.db('document').where({ case_id: given.caseId }).update({ file_hash: hash, signed_hash: null });
  }
  const asked = () => world.core.db('signing').where({ case_id: given.caseId }).orderBy('asked_at');

  it('sends the link to whom the case names, under that name [PLT-6.3]', async () => {
    await make();
    await given.work('sign-document', ASK);
    await given.work('sign-document', { ...ASK, ...FIELDS }, { step: 'other' });
    const { contactName, contactMobile } = world.data.application!;
    const { starter } = await world.core.db('case').where({ id: given.caseId }).first('starter');
    assert.deepEqual(
      (await asked()).map(({ signer, recipient, asked_by }) => [signer, recipient, asked_by]),
      [
        ['赵喆', { personId: starter }, null],
        [contactName, { phone: contactMobile }, null],
      ],
    );
    const [text] = await world.core.db('outgoing').where({ recipient: contactMobile });
    assert.match(text.body, /请签名：.+http:\/\/localhost\/sign\/\S+/);
  });

  it('asks anew when the step comes again; a repeated delivery does not [PLT-6.3]', async () => {
    await make();
    const id = `${given.caseId}-1`;
    await given.work('sign-document', ASK, { id });
    await given.work('sign-document', ASK, { id });
    await given.work('sign-document', ASK);
    assert.deepEqual(
      (await asked()).map(({ cancelled_at }) => cancelled_at === null),
      [false, true],
    );
  });

  it('stops for an operator where document, place or name is missing', async () => {
    const stops = (input: object) =>
      assert.rejects(given.work('sign-document', { ...ASK, ...input }), { name: 'PermanentError' });
    await stops({});
    await make();
    await stops({ place: 'witness' });
    world.data.application!.contactName = '';
    await stops(FIELDS);
  });

  it('is refused before release with a place, person or step that is not there [PLT-4.1]', () => {
    const topic = knownTopics().find(({ name }) => name === 'sign-document')!;
    const shared = { english: {}, roles: [], numberRules: [], lists: [], blocks: {} };
    const missing = (input: object) =>
      topic.missing!(topic.input.parse({ ...ASK, ...input }), given.release.package, shared).map(({ zh }) => zh);
    assert.deepEqual(missing({}), []);
    assert.deepEqual(missing(FIELDS), []);
    assert.deepEqual(missing({ place: 'none', by: 'no.role', answer: 'nowhere' }), [
      '文书 acceptance-notice 没有签名处 none',
      '没有岗位或字段 no.role',
      '没有等待签名的环节 nowhere',
    ]);
    assert.deepEqual(missing({ by: FIELDS.by }), ['没有写手机号（phone）']);
    assert.throws(() => topic.input.parse({ ...ASK, by: 'Somebody!' }));
  });
});
