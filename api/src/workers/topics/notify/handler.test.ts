import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { knownTopics } from '../../../main/known-topics.ts';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('notify', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => {
    world = await openTopics();
    given = await world.startCase();
    given.release.package.messages = {
      hearing: {
        title: { zh: '{number} 将听证', en: 'Hearing for {number}' },
        body: { zh: '{subject}：{application.contactName}，{ application.contactMobile }', en: 'On {today}' },
      },
    };
  });
  after(() => world.close());
  const sent = () => world.core.db('message').where({ case_id: given.caseId }).orderBy('position');

  it('tells the applicant in the words of the flow, filled from the case [PLT-9.1]', async () => {
    await given.work('notify', { to: 'applicant', message: 'hearing' });
    const [message] = await sent();
    assert.equal(message.institution_id, given.institutionId);
    assert.equal(message.title, `${given.number} 将听证`);
    const { contactName, contactMobile } = world.data.application!;
    assert.match(message.body, new RegExp(`：${contactName}，${contactMobile}$`));
    assert.deepEqual(message.en, { title: `Hearing for ${given.number}`, body: 'On 2026-11-21' });
  });

  it('reaches each holder of a role at the office once; where there is none an operator looks [PLT-9.1]', async () => {
    const { db } = world.core;
    await assert.rejects(given.work('notify', { to: 'leader', message: 'hearing' }), { name: 'PermanentError' });
    await db('role').insert({ id: 'leader', zh: '领导', en: 'Leader' }).onConflict().ignore();
    const people = [randomUUID(), randomUUID()];
    for (const [i, id] of people.entries()) {
      await db('person').insert({ id, name: `领导 ${i}`, kind: 'staff' });
      await db('role_grant').insert({
        person_id: id,
        role: 'leader',
        office: '5201',
        reach: 'own',
        granted_at: new Date(),
      });
    }
    await db('message').delete();
    await given.work('notify', { to: 'leader, leader@case', message: 'hearing' });
    assert.deepEqual((await sent()).map((m) => m.person_id).sort(), people.sort());
  });

  it('is refused before release with a message, role or word that is not there [PLT-4.1]', () => {
    const topic = knownTopics().find(({ name }) => name === 'notify')!;
    const shared = { english: {}, roles: [], numberRules: [], lists: [], blocks: {} };
    const { package: flow } = given.release;
    const missing = (input: object) => topic.missing!(topic.input.parse(input), flow, shared).map(({ zh }) => zh);
    assert.deepEqual(missing({ to: 'applicant', message: 'hearing' }), []);
    assert.deepEqual(missing({ to: 'no.role', message: 'none' }), ['没有岗位 no.role', 'messages.json 没有消息 none']);
    const of = (body: string) => ({ title: { zh: '一', en: 'One' }, body: { zh: body, en: body } });
    flow.messages.wrong = of('{application.nothing}{other}');
    assert.match(missing({ to: 'starter', message: 'wrong' })[0]!, /application\.nothing/);
    assert.throws(() => topic.input.parse({ to: 'Leader!', message: 'hearing' }));
  });
});
