import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('write-register', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  let item: string;
  before(async () => {
    world = await openTopics();
    world.data['certificate-proposal'] = { numberField: '00', numberSector: '14' };
    const ruled = (table: string, said: (position: number) => object) =>
      world.rows[`application.${table}`].map(({ rowId, position }) => ({
        rowId,
        position,
        data: { ...said(position) },
      }));
    world.rows['technical-review.capabilityRulings'] = ruled('capabilities', (n) =>
      n <= 3
        ? { outcome: 'notApproved' }
        : n === 4
          ? { outcome: 'restricted', restriction: '只做 A 法' }
          : { outcome: 'approved' },
    );
    world.rows['technical-review.signatoryRulings'] = ruled('signatories', (n) => ({
      outcome: n === 1 ? 'notApproved' : 'approved',
    }));
    given = await world.startCase();
    item = (await world.core.db('case').where({ id: given.caseId }).first('subject_id')).subject_id;
  });
  after(() => world.close());
  const write = () => given.work('write-register', { register: 'institution' });

  it('writes the approved rows with case, day and certificate, the rest as applied [CMA-4.1 PLT-10.2]', async () => {
    await given.work('issue-certificate', { certificate: 'certificate' });
    await write();
    const { number } = await world.core.db('certificate').where({ case_id: given.caseId }).first('number');
    const capabilities = await world.registers.rows('institution', item, 'capabilities');
    assert.equal(capabilities.length, 297);
    const [first] = capabilities;
    assert.deepEqual(
      [first.data.approvedCase, first.data.approvedOn, first.data.certificate],
      [given.caseId, '2026-11-21', number],
    );
    assert.match(String(first.data.limits), /只做 A 法/);
    assert.equal((await world.registers.rows('institution', item, 'signatories')).length, 11);
    assert.equal((await world.registers.rows('institution', item, 'people')).length, 45);
    assert.equal((await world.registers.rows('institution', item, 'equipment')).length, 120);
    assert.equal((await world.registers.rows('institution', item, 'sites')).length, 2);
    const [line] = await world.core.db('audit').where({ case_id: given.caseId, action: 'register.written' });
    assert.equal(line.detail.rows.capabilities, 297);
    const history = await world.registers.history('institution', item);
    assert.ok(history.some((entry) => entry.caseId === given.caseId && entry.child === 'capabilities'));
  });

  it('changes nothing when it is written again [PLT-10.2]', async () => {
    const before = (await world.registers.history('institution', item, 10_000)).length;
    await write();
    assert.equal((await world.registers.rows('institution', item, 'capabilities')).length, 297);
    assert.equal((await world.registers.history('institution', item, 10_000)).length, before);
  });

  it('sets what the step says, from the forms and the case too [PLT-10.2]', async () => {
    world.data['certificate-proposal'].reason = '自行停业';
    const set =
      'admission=removed; admissionReason=certificate-proposal.reason; admissionOn=today; admissionCase=case.number';
    await given.work('write-register', { register: 'institution', set });
    const { fields } = (await world.registers.find('institution', item))!;
    assert.deepEqual(
      [fields.admission, fields.admissionReason, fields.admissionOn, fields.admissionCase],
      ['removed', '自行停业', '2026-11-21', given.number],
    );
    await assert.rejects(given.work('write-register', { register: 'institution', set: 'nonsense=1' }), /nonsense/);
  });

  it('makes one entry of another register, about the subject of the case [RCL-6.8 PLT-10.2]', async () => {
    const set = 'kind=责令召回; fact=certificate-proposal.reason; decidedOn=today; state=in-force';
    await given.work('write-register', { register: 'credit-file', set });
    await given.work('write-register', { register: 'credit-file', set: set.replace('责令召回', '召回') });
    const entries = await world.core.db('credit_file').where({ subject_id: item });
    assert.equal(entries.length, 1);
    const { fields } = (await world.registers.find('credit-file', entries[0].id))!;
    const { uscc } = world.data.application;
    assert.deepEqual(
      [fields.subjectName, fields.uscc, fields.kind, fields.fact, fields.caseNumber],
      [
        (await world.core.db('case').where({ id: given.caseId }).first()).subject_name,
        uscc,
        '召回',
        '自行停业',
        given.number,
      ],
    );
  });
});
