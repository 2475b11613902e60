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
});
