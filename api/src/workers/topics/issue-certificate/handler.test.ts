import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('issue-certificate', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => {
    world = await openTopics();
    world.data['certificate-proposal'] = { numberField: '00', numberSector: '14' };
    world.rows['technical-review.capabilityRulings'] = world.rows['application.capabilities'].map(
      ({ rowId, position }) => ({
        rowId,
        position,
        data: position <= 3 ? { outcome: 'notApproved', reason: '无设备' } : { outcome: 'approved' },
      }),
    );
  });
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));
  const issued = () => world.core.db('certificate').where({ case_id: given.caseId });

  it('issues with the approved rows, and files it where it can be served [CMA-4.4 CMA-4.3]', async () => {
    await given.work('issue-certificate', { certificate: 'certificate' });
    const [certificate] = await issued();
    assert.equal(certificate.state, 'valid');
    const listed = certificate.data.annexes.flatMap(({ id, rows }: { id: string; rows: object[] }) =>
      id.startsWith('capabilities') ? rows : [],
    );
    assert.equal(listed.length, 297);
    await given.work('serve-document', { certificate: 'certificate' });
    const document = (await world.documents.current(given.caseId, 'certificate'))!;
    assert.deepEqual([document.number, document.signed_hash === null], [certificate.number, false]);
    assert.equal((await world.core.db('service').where({ document_id: document.id })).length, 1);
  });

  it('issues one certificate, also when the step is visited again [CMA-4.4 PLT-12.1]', async () => {
    await given.work('issue-certificate', { certificate: 'certificate' }, { id: given.caseId });
    await given.work('issue-certificate', { certificate: 'certificate' }, { id: given.caseId });
    await given.work('issue-certificate', { certificate: 'certificate' });
    assert.equal((await issued()).length, 1);
    assert.deepEqual((await world.numbers.accounted('certificate.cma'))[0].missing, []);
  });

  it('stops for an operator where the number lacks a part', async () => {
    world.data['certificate-proposal'] = {};
    await assert.rejects(given.work('issue-certificate', { certificate: 'certificate' }), /the number needs field/);
    world.data['certificate-proposal'] = { numberField: '00', numberSector: '14' };
  });

  it('extends: number and last day stay, the new rows join the old ones, the version before is superseded [CMA-3.4 CMA-4.4]', async () => {
    await given.work('issue-certificate', { certificate: 'certificate' });
    const [first] = await issued();
    world.core.at('2027-03-01T10:00:00+08:00');
    const extension = await world.startCase();
    await world.core.db('case').where({ id: extension.caseId }).update({ certificate_id: first.id });
    const before = world.rows['application.capabilities'];
    world.rows['application.capabilities'] = [
      { ...before[10]!, data: { ...before[10]!.data, limits: '仅 B 法' } },
      { rowId: 'new', position: 2, data: { ...before[10]!.data, parameter: '新参数' } },
    ];
    world.rows['technical-review.capabilityRulings'].push({ rowId: 'new', position: 2, data: { outcome: 'approved' } });
    await extension.work('issue-certificate', { certificate: 'certificate', change: 'extend' });
    world.rows['application.capabilities'] = before;

    const [second] = await world.core.db('certificate').where({ case_id: extension.caseId });
    assert.deepEqual(
      [second.number, second.version, second.valid_to, second.valid_from, second.state],
      [first.number, 2, first.valid_to, '2027-03-01', 'valid'],
    );
    const listed: { parameter: string; limits: string }[] = second.data.annexes.flatMap(
      ({ id, rows }: { id: string; rows: object[] }) => (id.startsWith('capabilities') ? rows : []),
    );
    assert.equal(listed.length, 298);
    assert.equal(listed.filter(({ limits }) => limits === '仅 B 法').length, 1);
    assert.equal((await world.core.db('certificate').where({ id: first.id }).first()).state, 'superseded');
    const events = await world.core.db('certificate_event').orderBy('id', 'desc').limit(2).pluck('kind');
    assert.deepEqual(events, ['extended', 'superseded']);
    world.core.at('2026-11-21T10:00:00+08:00');
  });

  it('extends nothing that is not in force [CMA-4.4]', async () => {
    await given.work('issue-certificate', { certificate: 'certificate' });
    const [first] = await issued();
    await given.work('change-certificate', {
      change: 'suspend',
      certificate: first.number,
      ground: '核查',
      article: '第一条',
    });
    const extension = await world.startCase();
    await world.core.db('case').where({ id: extension.caseId }).update({ certificate_id: first.id });
    await assert.rejects(
      extension.work('issue-certificate', { certificate: 'certificate', change: 'extend' }),
      /0 certificates in force/,
    );
  });
});
