import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('change-certificate', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  let cancellation: TopicCase;
  before(async () => {
    world = await openTopics();
    world.data['certificate-proposal'] = {
      numberField: '00',
      numberSector: '14',
      reason: '自行停业',
      until: '2027-01-20',
    };
    given = await world.startCase();
    await given.work('issue-certificate', { certificate: 'certificate' });
    cancellation = await world.startCase();
  });
  after(() => world.close());
  const certificate = () => world.core.db('certificate').where({ case_id: given.caseId }).first();
  const change = (properties: Record<string, string>, of = cancellation) =>
    of.work(
      'change-certificate',
      { article: '《中华人民共和国行政许可法》第七十条', ...properties },
      { step: properties.change },
    );

  it('suspends to a day and resumes what the subject has in force, as forms say [PLT-6.4]', async () => {
    await change({ change: 'suspend', ground: 'certificate-proposal.reason', until: 'certificate-proposal.until' });
    const suspended = await certificate();
    assert.deepEqual([suspended.state, suspended.suspended_until, suspended.edits], ['suspended', '2027-01-20', 1]);
    await change({ change: 'resume', ground: '整改完成' });
    assert.deepEqual([(await certificate()).state, (await certificate()).suspended_until], ['valid', null]);
  });

  it('cancels once, with ground, article, case and a message to the holder [CMA-3.17 PLT-6.4]', async () => {
    const properties = {
      change: 'cancel',
      ground: 'certificate-proposal.reason',
      certificate: (await certificate()).number,
    };
    await change(properties);
    await change(properties);
    const { id, state } = await certificate();
    assert.equal(state, 'cancelled');
    const events = await world.core.db('certificate_event').where({ certificate_id: id, kind: 'cancelled' });
    assert.deepEqual(
      events.map((event) => [event.ground, event.basis, event.case_id]),
      [['自行停业', '《中华人民共和国行政许可法》第七十条', cancellation.caseId]],
    );
    const [message] = await world.core.db('message').where({ kind: 'certificate' }).orderBy('position', 'desc');
    assert.match(message.title, /已注销/);
    const [line] = await world.core
      .db('audit')
      .where({ case_id: cancellation.caseId, action: 'certificate.cancelled' });
    assert.equal(line.detail.reason, '自行停业');
  });

  it('stops for an operator where the state does not allow it, or nothing is named [PLT-6.4]', async () => {
    const { number } = await certificate();
    await assert.rejects(
      change({ change: 'suspend', ground: 'x', certificate: number }, await world.startCase()),
      /已注销，不能暂停/,
    );
    await assert.rejects(change({ change: 'suspend', ground: 'x' }, await world.startCase()), /0 certificates/);
    await assert.rejects(
      change({ change: 'revoke', ground: 'application.nothing', certificate: number }, await world.startCase()),
      /ground/,
    );
  });
});
