import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Problem, type Who } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { inRequest } from '../files/testing.ts';
import { writeSheet } from '../sheets/index.ts';
import { createRegisterDrafts, type RegisterDrafts } from './drafts.ts';
import { createRegisters, type Registers } from './index.ts';

const uscc = '91520000MA00000151';

describe('drafts of register entries', function () {
  this.timeout(30_000);
  let core: TestCore;
  let registers: Registers;
  let drafts: RegisterDrafts;
  let id: string;
  let who: Who;

  before(async () => {
    core = await openTestCore();
    registers = createRegisters(core, {
      registerScope: () => ({ kind: 'institutions', ids: [id] }),
      uploads: inRequest(core),
    });
    drafts = createRegisterDrafts(core, registers);
    id = await core.db.transaction((trx) =>
      registers.write(trx, {
        register: 'institution',
        fields: { name: '贵州沐溪环境监测有限公司', uscc },
        children: {
          capabilities: {
            mode: 'merge',
            rows: [
              { site: 'S1', object: '水', parameter: '铅', standardNo: 'GB/T 5750.6-2023', approvedCase: randomUUID() },
              { site: 'S1', object: '水', parameter: '镉', standardNo: 'GB/T 5750.6-2023' },
            ],
          },
        },
      }),
    );
    const [person] = await core.db('person').insert({ name: '宋知微', kind: 'applicant' }).returning('id');
    const institutions = [{ register: 'institution', id, name: '贵州沐溪环境监测有限公司', uscc }];
    who = { personId: person.id, name: '宋知微', login: 'a', kind: 'applicant', grants: [], institutions };
  });
  after(() => core.close());

  /** As a device that has the draft before it. */
  const save = async (fields: object, children = {}) => {
    const { savedAt } = await drafts.read(who, 'institution', id);
    return drafts.save(who, 'institution', id, { fields: { ...fields }, children }, savedAt);
  };
  const apply = async () => drafts.apply(who, 'institution', id, (await drafts.read(who, 'institution', id)).savedAt);
  const paths = async (work: Promise<unknown>) => {
    const problem = (await work.then(
      () => assert.fail('not refused'),
      (error: unknown) => error,
    )) as Problem;
    return [problem.code, ...problem.fields.map((field) => field.path)];
  };

  it('keep what was typed, wrong things too, and touch the register only when told [CMA-2.4]', async () => {
    await save({ email: 'nobody', contactName: '顾南乔' });
    assert.equal((await drafts.read(who, 'institution', id)).change.fields.email, 'nobody');
    assert.equal((await registers.find('institution', id))?.fields.contactName, undefined);
    assert.deepEqual(await paths(apply()), ['invalid', 'email']);
    await save({ email: 'lab@example.cn', contactName: '顾南乔' }, { sites: [{ code: 'S1', name: '总部' }] });
    await apply();
    assert.equal((await registers.find('institution', id))?.fields.contactName, '顾南乔');
    assert.equal((await registers.rows('institution', id, 'sites')).length, 1);
    assert.equal((await drafts.read(who, 'institution', id)).savedAt, null);
    const [last] = await registers.history('institution', id);
    assert.deepEqual([last?.child, last?.person, last?.caseId], ['sites', '宋知微', null]);
  });

  it('are not written over what another device saved meanwhile: both versions are shown [PLT-1.2]', async () => {
    const change = (contactName: string) => ({ fields: { contactName }, children: {} });
    core.at('2026-11-21T02:00:00Z');
    const { savedAt } = await drafts.save(who, 'institution', id, change('顾南乔'), null);
    core.at('2026-11-21T02:01:00Z');
    const late = await drafts.save(who, 'institution', id, change('宋知微'), null).catch((error: Problem) => error);
    assert.ok(late instanceof Problem);
    assert.equal(late.code, 'stale');
    assert.deepEqual(late.facts, { seen: savedAt, theirs: change('顾南乔'), yours: change('宋知微') });
    await drafts.save(who, 'institution', id, change('宋知微'), savedAt);
    assert.equal((await drafts.read(who, 'institution', id)).change.fields.contactName, '宋知微');
    core.at('2026-11-21T02:02:00Z');
    const early = await drafts.apply(who, 'institution', id, savedAt).catch((error: Problem) => error);
    assert.ok(early instanceof Problem);
    assert.deepEqual([early.code, early.facts.theirs], ['stale', change('宋知微')]);
    assert.notEqual((await registers.find('institution', id))?.fields.contactName, '宋知微');
    await drafts.discard(who, 'institution', id);
  });

  it('name unknown fields and rows that cannot be told apart [CMA-2.5]', async () => {
    assert.deepEqual(await paths(save({ nonsense: 1 })), ['invalid', 'nonsense']);
    assert.deepEqual(await paths(save({}, { capabilities: [{ approvedOn: '2026-11-21' }] })), [
      'invalid',
      'capabilities/approvedOn',
    ]);
    await save({ name: '' }, { sites: [{ name: '没有编号' }] });
    assert.deepEqual(await paths(apply()), ['invalid', 'name', 'sites/1/code']);
  });

  it('leave approved rows alone, and the others not [CMA-2.8]', async () => {
    const row = { site: 'S1', object: '水', standardNo: 'GB/T 5750.6-2023', note: '改' };
    await save({}, { capabilities: [{ ...row, parameter: '铅' }] });
    assert.deepEqual(await paths(apply()), ['row-approved', 'capabilities/1']);
    await save({}, { capabilities: [{ ...row, parameter: '镉' }] });
    await apply();
    const rows = await registers.rows('institution', id, 'capabilities');
    assert.deepEqual(
      rows.map(({ data }) => data.note),
      [undefined, '改'],
    );
  });

  it('take rows from an Excel sheet, replace those of the same name, and say which cells cannot be read [CMA-2.5, PLT-10.10]', async () => {
    await save({}, { sites: [{ code: 'S1', name: '旧名' }] });
    const column = (key: string, title: string) =>
      ({
        key,
        title,
        required: false,
        hint: '',
        width: 20,
        cell: String,
        parse: (value: string) => ({ value }),
      }) as const;
    const sheet = await writeSheet(
      '场所',
      [column('code', '场所编号'), column('name', '场所名称'), column('siteType', '场所类型'), column('area', '面积')],
      [
        { values: { code: 'S1', name: '总部', siteType: '固定', area: '1260.5' } },
        { values: { code: 'S2', name: '分部', siteType: '移动', area: '约三百' } },
      ],
    );
    const { taken, errors, draft } = await drafts.import(who, 'institution', id, 'sites', sheet);
    assert.equal(taken, 2);
    assert.deepEqual(
      errors.map(({ row, column: head }) => [row, head]),
      [
        [3, '场所类型'],
        [3, '面积'],
      ],
    );
    const [first, second] = draft.change.children.sites!;
    assert.deepEqual([first!.name, first!.siteType, first!.area, second!.name], ['总部', 'fixed', 1260.5, '分部']);
    assert.equal(draft.change.children.sites!.length, 2);
    assert.deepEqual(await paths(drafts.import(who, 'institution', id, 'nonsense', sheet)), ['not-found']);
    await drafts.discard(who, 'institution', id);
  });

  it('belong to those who act for the institution; certificates are written by cases only', async () => {
    const stranger = { ...who, institutions: [] };
    assert.deepEqual(await paths(drafts.read(stranger, 'institution', id)), ['not-found']);
    assert.deepEqual(await paths(drafts.save(who, 'certificate', id, { fields: {}, children: {} }, null)), [
      'not-allowed',
    ]);
    assert.deepEqual(await paths(drafts.discard(who, 'nonsense', id)), ['not-found']);
  });
});
