import assert from 'node:assert/strict';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';
import { checks } from './checks/index.ts';

const ALL = [...checks.keys()].join(',');

describe('validate', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  before(async () => (world = await openTopics()));
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));

  const material = (files: number) => ({
    ...{ item: 'quality-manual', title: '质量手册', required: true, applies: true, hint: null, open: true },
    ...{ types: ['pdf' as const], max: 3, sample: null, blank: null },
    files: Array.from({ length: files }, () => ({
      ...{ id: '', name: '', size: 1, type: '', uploadedAt: '', replaced: false, href: '' },
    })),
  });
  /** Runs one check with the application changed for its time. */
  async function check(name: string, change: { fields?: object; rows?: [table: string, index: number, row: object] }) {
    const before = { ...world.data.application };
    Object.assign(world.data.application, change.fields);
    const [table, index, values] = change.rows ?? ['sites', -1, {}];
    const row = world.rows[`application.${table}`][index];
    const kept = row?.data;
    if (row) row.data = { ...kept, ...values };
    try {
      const found = await world.validation.run([name], {
        owner: given.caseId,
        release: given.release,
        subject: { register: 'institution', id: given.institutionId },
        receivedAt: new Date('2026-11-20T10:00:00+08:00'),
      });
      return found.map(({ severity, path, zh }) => `${severity} ${path} ${zh}`);
    } finally {
      world.data.application = before;
      if (row) row.data = kept;
    }
  }

  it('passes the fixture with 300 capabilities, and says so to the engine [CMA-3.11 CMA-4.1]', async () => {
    assert.deepEqual(await given.work('validate', { checks: ALL }), { validate_outcome: 'passed' });
    assert.deepEqual(await world.validation.warnings(given.caseId), []);
  });

  it('sends back with every error and its article, and keeps warnings for the officer [CMA-3.11 CMA-4.1]', async () => {
    world.data.application.staffTotal = 46;
    assert.deepEqual(await given.work('validate', { checks: ALL }), { validate_outcome: 'failed' });
    const shown = await world.validation.warnings(given.caseId);
    assert.deepEqual(
      shown.map(({ code, severity }) => `${code} ${severity}`),
      ['staff-sums error', 'people-count warning'],
    );
    assert.match(shown[0].zh, /总人数 46.*45/);
    assert.ok(shown.every(({ basis }) => basis));
    const [message] = await world.core.db('message').where({ case_id: given.caseId });
    assert.match(message.title, /有 1 项要改/);
    const [line] = await world.core.db('audit').where({ case_id: given.caseId });
    assert.deepEqual([line.action, line.detail.errors, line.detail.warnings], ['case.validated', 1, 1]);
    world.data.application.staffTotal = 45;
    assert.deepEqual(await given.work('validate', { checks: ALL }), { validate_outcome: 'passed' });
    assert.deepEqual(await world.validation.warnings(given.caseId), [], 'what was mended is gone');
  });

  it('checks the code of the institution, a failing check character as a warning [CMA-3.11]', async () => {
    assert.match((await check('uscc', { fields: { uscc: '91520102MA8QL0T554' } }))[0], /^warning uscc/);
    assert.match((await check('uscc', { fields: { uscc: '91520000000000000X' } }))[0], /^error uscc/);
  });

  it('asks the technical director for a title or equal ability [CMA-3.11]', async () => {
    const director = (title: string, education: string, years: number) =>
      check('technical-director', {
        fields: { techDirectorTitle: title, techDirectorEducation: education, techDirectorYears: years },
      });
    assert.deepEqual(await director('intermediate', 'college', 0), []);
    for (const [education, years] of [
      ['doctor', 1],
      ['master', 3],
      ['bachelor', 5],
      ['college', 8],
    ] as const) {
      assert.deepEqual(await director('equivalent', education, years), []);
      assert.match((await director('equivalent', education, years - 1))[0], new RegExp(`应有 ${years} 年`));
      assert.equal((await director('junior', education, years - 1)).length, 1);
    }
    assert.match((await director('equivalent', 'other', 30))[0], /^error techDirectorTitle/);
  });

  it('asks the same of each signatory, by row [CMA-3.11]', async () => {
    const found = await check('signatories', {
      rows: ['signatories', 2, { title: 'junior', education: 'master', years: 2 }],
    });
    assert.equal(found.length, 1);
    assert.match(found[0], /^error signatories\/signatories-3\/title 授权签字人/);
  });

  it('asks for a year of lease from the application on [CMA-3.11]', async () => {
    const rented = (leaseUntil?: string) => check('lease', { rows: ['sites', 0, { ownership: 'rented', leaseUntil }] });
    assert.deepEqual(await rented('2027-11-19'), []);
    assert.match((await rented('2027-11-18'))[0], /^error sites\/sites-1\/leaseUntil .*2027-11-19/);
    assert.equal((await rented()).length, 1);
  });

  it('asks for three months of the management system [CMA-3.11]', async () => {
    assert.deepEqual(await check('system-age', { fields: { systemStartedOn: '2026-08-20' } }), []);
    assert.match((await check('system-age', { fields: { systemStartedOn: '2026-08-21' } }))[0], /2026-11-21 届满/);
    assert.equal((await check('system-age', { fields: { systemStartedOn: null } })).length, 1);
  });

  it('asks each capability for a standard with year, a site and valid equipment [CMA-3.11]', async () => {
    const row = (change: object) => check('capabilities', { rows: ['capabilities', 16, change] });
    assert.match(
      (await row({ standardNo: 'GB/T 5750.12' }))[0],
      /^error capabilities\/capabilities-17\/standardNo .*年号/,
    );
    assert.match((await row({ site: 'NN' }))[0], /^error .*场所 NN 不在场所表中/);
    assert.match((await row({ equipment: 'YQ-999' }))[0], /^error .*YQ-999 不在设备表中/);
    assert.match((await row({ equipment: '' }))[0], /没有写仪器设备/);
    const code = String(world.rows['application.capabilities'][16].data.equipment).split(',')[0];
    const index = world.rows['application.equipment'].findIndex(({ data }) => data.code === code);
    const expired = await check('capabilities', { rows: ['equipment', index, { validUntil: '2026-11-20' }] });
    assert.ok(expired.length > 0 && expired.every((line) => line.startsWith('warning') && line.includes(code)));
    const doubtful = await check('capabilities', { rows: ['equipment', index, { confirmed: 'no' }] });
    assert.ok(doubtful.every((line) => line.startsWith('warning')));
  });

  it('names a material that is missing [CMA-3.12 CMA-3.11]', async () => {
    world.materials.push(material(0));
    assert.deepEqual(await check('materials', {}), ['error materials/quality-manual 缺少材料「质量手册」']);
    world.materials.splice(0, 1, material(1));
    assert.deepEqual(await check('materials', {}), []);
    world.materials.splice(0);
  });

  it('refuses who is banned, by register entry or by code, until the last day [CMA-3.11]', async () => {
    const ban = {
      subject_register: 'institution',
      ground: '以欺骗手段取得资质认定被撤销',
      article: '《检验检测机构资质认定管理办法》第三十二条',
      from_day: '2024-01-01',
      to_day: '2026-11-20',
    };
    const [{ id }] = await world.core
      .db('ban')
      .insert({ ...ban, uscc: world.data.application.uscc })
      .returning('id');
    assert.match((await check('ban', {}))[0], /被撤销，2026-11-20 以前不得申请/);
    await world.core.db('ban').where({ id }).update({ to_day: '2026-11-19' });
    assert.deepEqual(await check('ban', {}), []);
    await world.core.db('ban').insert({ ...ban, subject_id: given.institutionId });
    assert.equal((await check('ban', {})).length, 1);
    await world.core.db('ban').delete();
  });

  it('refuses a second open case of the kind, not a closed one or another kind [CMA-3.11]', async () => {
    const { db } = world.core;
    const other = await world.startCase();
    const set = (change: object) => db('case').where({ id: other.caseId }).update(change);
    await set({ flow: given.release.flow, subject_id: given.institutionId });
    assert.match((await check('open-case', {}))[0], new RegExp(`同类办件 ${other.number} 还在办`));
    await set({ state: 'closed' });
    assert.deepEqual(await check('open-case', {}), []);
    await set({ state: 'running', flow: 'other' });
    assert.deepEqual(await check('open-case', {}), []);
  });

  it('is refused with a check that does not exist', async () => {
    await assert.rejects(given.work('validate', { checks: 'uscc,no-such' }), /没有校验 no-such/);
  });
});
