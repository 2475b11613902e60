import assert from 'node:assert/strict';
import type { z } from 'zod';
import { readSheet } from 'read-excel-file/node';
import type { LastImport } from '../../../contracts/api/index.ts';
import { book, capability, subject, openApplication, type Application } from './application.testing.ts';

describe('Excel of a table', function () {
  this.timeout(60_000);
  let world: Application;
  before(async () => {
    world = await openApplication();
  });
  after(() => world.close());

  const last = async (owner: string): Promise<z.infer<typeof LastImport>> =>
    (await world.get(`${world.table(owner)}/import`)).json();
  const keys = [
    'site',
    'scope',
    'field',
    'category',
    'object',
    'parameter',
    'standardName',
    'standardNo',
    'equipment',
    'methodKind',
    'note',
  ];
  const shown = (i: number, more = {}) => capability(i, { scope: '食品', methodKind: '标准方法', ...more });

  it('imports good rows, tells the others row by row and gives them back with what to mend [CMA-2.18] [CMA-2.8]', async () => {
    const names = world.heads('capabilities', keys);
    const owner = await world.draft(subject);
    const file = await book(
      [
        shown(0),
        shown(1, { standardNo: 'HJ 637' }),
        shown(2, { scope: '药品' }),
        shown(3, { site: 'S9' }),
        shown(0),
        shown(4, { object: '' }),
      ],
      world.heads('capabilities', keys),
    );
    const body = await world.import(world.table(owner), file);
    assert.deepEqual([body.imported, body.updated, body.faulty], [1, 0, 5]);
    assert.deepEqual(
      body.errors.map((e) => [e.row, e.column, e.value]),
      [
        [3, names.standardNo, 'HJ 637'],
        [4, names.scope, '药品'],
        [5, names.site, 'S9'],
        [6, '', undefined],
        [7, names.object, undefined],
      ],
    );
    const list = await readSheet(
      Buffer.from(await (await world.get(body.faultyFile!.replace('/api/v1', ''))).arrayBuffer()),
    );
    assert.equal(list[0].at(-1), '要改的地方');
    assert.equal(list.length, 6);
    assert.match(String(list[1].at(-1)), /缺年号/);
  });

  it('merges by what names a row: a repeated import changes nothing [CMA-2.18]', async () => {
    const owner = await world.draft(subject);
    const at = world.table(owner);
    const first = await book([shown(0), shown(1)], world.heads('capabilities', keys));
    await world.import(at, first);
    const again = await world.import(at, first);
    assert.deepEqual([again.imported, again.updated, again.unchanged], [0, 0, 2]);
    const changed = await book([shown(1, { note: '仅合同' }), shown(2)], world.heads('capabilities', keys));
    const more = await world.import(at, changed);
    assert.deepEqual([more.imported, more.updated], [1, 1]);
    assert.deepEqual(
      (await world.rows(owner)).rows.map((row) => row.data.note),
      [undefined, '仅合同', undefined],
    );
  });

  it('exports what it imports', async () => {
    const owner = await world.draft(subject);
    await world.fill(owner, 3);
    const file = Buffer.from(await (await world.get(`${world.table(owner)}/export.xlsx`)).arrayBuffer());
    const body = await world.import(world.table(owner), file);
    assert.deepEqual([body.unchanged, body.faulty], [3, 0]);
    assert.equal((await world.get(`${world.table(owner)}/template.xlsx`)).status, 200);
  });

  it('refuses other files and other sheets by name', async () => {
    const owner = await world.draft();
    const at = `${world.table(owner)}/import`;
    assert.equal((await world.send(at, 'a.xlsx', Buffer.from('%PDF-1.7'))).body.code, 'file-type');
    assert.equal((await world.send(at, 'a.xls', Buffer.from('MZ'.padEnd(300)))).body.code, 'file-type');
    await world.send(at, 'a.xlsx', await book([{ a: 1 }], { a: '姓名' }));
    await world.imports.pump();
    const { job } = await last(owner);
    assert.equal(job?.state, 'failed');
    assert.match(job?.problem?.zh ?? '', /缺少列：.*参数/);
    const big = await world.send(at, 'a.xlsx', Buffer.alloc(1_100_000));
    assert.equal(big.body.code, 'file-too-large');
  });

  it('runs in the background, is found again, and goes on where a stopped process left it [PLT-4.4]', async () => {
    const owner = await world.draft(subject);
    const at = `${world.table(owner)}/import`;
    const file = await book([shown(0), shown(1)], world.heads('capabilities', keys));
    assert.deepEqual(await last(owner), { job: null });
    const begun = await world.send(at, '能力.xlsx', file);
    assert.deepEqual([begun.status, begun.body.state, begun.body.name], [202, 'waiting', '能力.xlsx']);
    assert.equal((await world.send(at, '另一份.xlsx', file)).body.code, 'import-running');
    // Somebody took it and was killed.
    const taken = world.core.db('form_import').where({ owner });
    await taken
      .clone()
      .update({ state: 'running', attempts: 1, leased_until: world.core.db.raw(`now() + interval '1 hour'`) });
    await world.imports.pump();
    assert.equal((await last(owner)).job?.state, 'running', 'it is left to who has it');
    await taken.clone().update({ leased_until: world.core.db.raw(`now() - interval '1 second'`) });
    await world.imports.pump();
    const { job } = await last(owner);
    assert.deepEqual([job?.state, job?.done, job?.total, job?.answer?.imported], ['done', 2, 2, 2]);
    assert.equal((await world.rows(owner)).total, 2, 'written once');
  });

  it('is stopped when the form was taken out of the hands of whoever asked for it [PLT-4.3]', async () => {
    const owner = await world.draft(subject);
    const file = await book([shown(0)], world.heads('capabilities', keys));
    await world.send(`${world.table(owner)}/import`, '能力.xlsx', file);
    world.access.set(`${owner}/application`, { mode: 'read', release: world.release });
    await world.imports.pump();
    assert.match((await last(owner)).job?.problem?.zh ?? '', /现在不能改/);
    assert.equal((await world.rows(owner)).total, 0);
  });

  it('takes 10,000 rows at once, lists and checks them, and saves a field beside them [PLT-4.4]', async () => {
    const owner = await world.draft(subject);
    const file = await book(
      Array.from({ length: 10_000 }, (_, i) => shown(i)),
      world.heads('capabilities', keys),
    );
    assert.equal((await world.import(world.table(owner), file)).imported, 10_000);
    assert.equal((await world.rows(owner, '?only=problems')).total, 0);
    assert.deepEqual(
      (await world.rows(owner, '?q=参数9999')).rows.map((row) => row.position),
      [10_000],
    );
    assert.equal((await world.save(owner, 0, { name: '甲' })).status, 200);
    assert.equal(
      (await world.check(owner)).findings.some((f) => f.path.startsWith('capabilities')),
      false,
    );
  }).timeout(60_000);
});
