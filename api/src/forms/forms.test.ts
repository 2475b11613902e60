import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readSheet } from 'read-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { CheckAnswer, type Finding, type Row } from '../../../contracts/api/index.ts';
import { openFormsWorld, who, type FormsWorld } from './testing.ts';

const uscc = '91520000MA00000151';
const siteId = randomUUID();
const institution = {
  fields: { name: '贵州云岭检测有限公司', uscc, staffTotal: 45, unknownToTheForm: 1, siteCharacter: 'not a list' },
  children: {
    sites: [{ id: siteId, data: { code: 'S1', name: '总部', ownership: 'own', approvedCase: null } }],
    equipment: [{ id: randomUUID(), data: { code: 'E1', name: '天平' } }],
  } as Record<string, { id: string; data: Record<string, unknown> }[]>,
};

const capability = (i: number, more = {}) => ({
  site: 'S1',
  scope: 'food',
  field: '食品',
  category: '元素',
  object: '食品',
  parameter: `参数${i}`,
  standardName: '食品安全国家标准',
  standardNo: 'GB 5009.12-2023',
  equipment: 'E1',
  methodKind: 'standard',
  ...more,
});
const book = (rows: Record<string, unknown>[], heads: Record<string, string>) =>
  writeXlsxFile([
    Object.values(heads).map((value) => ({ value, type: String })),
    ...rows.map((row) =>
      Object.keys(heads).map((key) => (row[key] ? { value: String(row[key]), type: String } : null)),
    ),
  ]).toBuffer();

describe('forms of a draft', () => {
  let world: FormsWorld;
  before(async () => {
    world = await openFormsWorld(() => ({
      title: () => ({ zh: '机构档案', en: 'Institution records' }),
      find: async (_register, id) => ({ id, fields: institution.fields, updatedAt: new Date('2026-11-16T02:00:00Z') }),
      rows: async (_register, _id, child) => institution.children[child] ?? [],
    }));
    world.core.at('2026-11-21T02:00:00Z');
  });
  after(() => world.close());

  const heads = (table: string, keys: string[]) => {
    const schema = world.release.package.forms.application;
    const field = schema.components
      .flatMap((c) => (c.type === 'group' ? c.components : []))
      .find((c) => 'key' in c && c.key === table);
    assert.ok(field?.type === 'table');
    return Object.fromEntries(keys.map((key) => [key, field.columns.find((column) => column.key === key)!.label]));
  };
  const view = async (owner: string) => (await world.call('GET', `/forms/${owner}/application`)).body;
  const save = (owner: string, edits: number, set: object) =>
    world.call('PATCH', `/forms/${owner}/application`, { edits, set });
  const table = (owner: string, name = 'capabilities') => `/forms/${owner}/application/tables/${name}`;
  const rows = async (owner: string, query = '', name = 'capabilities') =>
    (await world.call('GET', `${table(owner, name)}/rows${query}`)).body as {
      rows: Row[];
      total: number;
      next: string | null;
    };
  const check = async (owner: string) =>
    CheckAnswer.parse(await (await world.get(`/forms/${owner}/application/check`)).json());
  const fill = async (owner: string, count: number) => {
    for (const i of Array(count).keys()) {
      const { status, body } = await world.call('POST', `${table(owner)}/rows`, { data: capability(i) });
      assert.equal(status, 201, JSON.stringify(body));
    }
  };

  it('is filled from the register, fields and rows, and says from where [CMA-3.2] [CMA-2.4]', async () => {
    const form = await view(await world.draft({ register: 'institution', id: randomUUID() }));
    assert.deepEqual(form.data, { name: '贵州云岭检测有限公司', uscc, staffTotal: 45 });
    assert.deepEqual(form.sources.uscc, { zh: '机构档案 2026-11-16', en: 'Institution records, 2026-11-16' });
    assert.deepEqual([form.version, form.edits, form.mode, form.open], [1, 0, 'edit', 'all']);
    assert.equal(form.tables.sites.count, 1);
    assert.deepEqual((await rows(form.owner, '', 'sites')).rows[0].id, siteId);
  });

  it('saves a few fields, tells what is wrong with them and forgets where they came from [CMA-3.2]', async () => {
    const owner = await world.draft({ register: 'institution', id: randomUUID() });
    const saved = await save(owner, 0, { uscc: '914403001922038217', email: 'nobody', address: '  ' });
    assert.equal(saved.status, 200);
    assert.equal(saved.body.edits, 1);
    const told = saved.body.findings.filter((f: Finding) => f.code !== 'missing');
    assert.deepEqual(
      told.map((f: Finding) => [f.path, f.code]),
      [
        ['uscc', 'reason-needed'],
        ['email', 'email'],
      ],
    );
    const form = await view(owner);
    assert.equal(form.data.email, 'nobody', 'what was typed is kept');
    assert.deepEqual(Object.keys(form.sources).sort(), ['name', 'staffTotal']);
    const reasoned = await save(owner, 1, { 'uscc.reason': '2015 年赋码，证书如此' });
    assert.equal(reasoned.body.findings.find((f) => f.path === 'uscc')?.severity, 'warning');
  });

  it('refuses a stale save with both values, and takes a repeated one [PLT-4.3]', async () => {
    const owner = await world.draft();
    await save(owner, 0, { name: '甲' });
    const late = await save(owner, 0, { name: '乙', phone: '0851-85561234' });
    assert.equal(late.status, 409);
    assert.equal(late.body.code, 'stale');
    assert.deepEqual(late.body.facts, {
      edits: 1,
      theirs: { name: '甲', phone: null },
      yours: { name: '乙', phone: '0851-85561234' },
    });
    assert.equal((await save(owner, 0, { name: '甲' })).status, 200);
  });

  it('names unknown fields, wrong shapes, tables, computed fields and bad characters [PLT-4.3]', async () => {
    const owner = await world.draft();
    const paths = async (set: object) => {
      const { status, body } = await save(owner, 0, set);
      assert.equal(status < 500 && status >= 400, true, JSON.stringify(body));
      assert.ok(body.fields.every((f: { zh: string }) => f.zh.length > 0));
      return body.fields.map((f: { path: string }) => f.path);
    };
    assert.deepEqual(await paths({ nonsense: 1, name: 'x' }), ['nonsense']);
    assert.deepEqual(await paths({ constructor: 1 }), ['constructor']);
    assert.deepEqual(await paths({ staffTotal: '45' }), ['staffTotal']);
    assert.deepEqual(await paths({ name: { a: 1 } }), ['name']);
    assert.deepEqual(await paths({ name: 'x'.repeat(3000) }), ['name']);
    assert.deepEqual(await paths({ sites: [] }), ['sites']);
    assert.deepEqual(await paths({ bookSealed: { by: 'me', at: 'now', hash: 'x' } }), ['bookSealed']);
    assert.deepEqual(await paths({ name: 'a\u0000b' }), ['name']);
    assert.deepEqual(await paths({ name: 'a\ud800b' }), ['name']);
    assert.equal((await save(owner, 0, { name: '\\u0000 as text' })).status, 200);
    assert.equal((await world.call('PATCH', `/forms/${owner}/application`, { set: {} })).status, 400);
    assert.equal((await world.call('GET', `/forms/no-uuid/application`)).status, 400);
    assert.equal((await world.call('GET', `/forms/${randomUUID()}/application`)).status, 404);
  });

  it('saves one field with 300 rows beside it in less than 50 ms and leaves the rows alone [PLT-4.4]', async () => {
    const owner = await world.draft();
    await world.core.db('form_row').insert(
      Array.from({ length: 300 }, (_, i) => ({
        owner,
        form: 'application',
        table_id: 'capabilities',
        row_id: randomUUID(),
        position: i + 1,
        from_version: 1,
        data: JSON.stringify(capability(i)),
      })),
    );
    const before = await world.core.db('form_row').where({ owner }).select(world.core.db.raw('xmin::text, ctid::text'));
    const times: number[] = [];
    for (const edits of Array(20).keys()) {
      const from = performance.now();
      assert.equal((await save(owner, edits, { name: `名称 ${edits}` })).status, 200);
      times.push(performance.now() - from);
    }
    const after = await world.core.db('form_row').where({ owner }).select(world.core.db.raw('xmin::text, ctid::text'));
    assert.deepEqual(after, before);
    times.sort((a, b) => a - b);
    assert.equal(times[10] < 50, true, `median ${times[10]} ms`);
  }).timeout(20_000);

  describe('tables', () => {
    it('add, change, find, page and remove rows [CMA-2.5] [CMA-2.8]', async () => {
      const owner = await world.draft({ register: 'institution', id: randomUUID() });
      await fill(owner, 5);
      const page = await rows(owner, '?limit=2');
      assert.deepEqual([page.total, page.rows.map((row) => row.position)], [5, [1, 2]]);
      const rest = await rows(owner, `?limit=2&after=${page.next}`);
      assert.deepEqual(
        rest.rows.map((row) => row.data.parameter),
        ['参数2', '参数3'],
      );
      const behind = await world.call('POST', `${table(owner)}/rows`, { data: capability(9), after: page.rows[0].id });
      assert.equal(behind.body.position, 2);
      const changed = await world.call('PUT', `${table(owner)}/rows/${page.rows[0].id}`, {
        data: { standardNo: 'HJ 637', note: null },
      });
      assert.deepEqual(
        changed.body.findings.map((f: Finding) => f.code),
        ['year'],
      );
      assert.equal(changed.body.data.parameter, '参数0');
      assert.equal((await rows(owner, '?q=hj%20637')).total, 1);
      assert.equal((await rows(owner, '?q=%25')).total, 0);
      assert.deepEqual(
        (await rows(owner, '?only=problems')).rows.map((row) => row.id),
        [page.rows[0].id],
      );
      assert.equal((await world.call('DELETE', `${table(owner)}/rows/${page.rows[0].id}`)).status, 200);
      assert.equal((await world.call('PUT', `${table(owner)}/rows/${page.rows[0].id}`, { data: {} })).status, 404);
      assert.equal((await rows(owner)).total, 5);
      assert.equal((await world.call('GET', `${table(owner)}/rows?after=nonsense`)).status, 400);
      assert.equal((await world.call('GET', `${table(owner, 'nonsense')}/rows`)).status, 404);
      const wrong = await world.call('POST', `${table(owner)}/rows`, { data: { nonsense: 1 } });
      assert.deepEqual(
        wrong.body.fields.map((f: { path: string }) => f.path),
        ['nonsense'],
      );
    });

    it('refuse a stale change of a row with both values', async () => {
      const owner = await world.draft();
      await fill(owner, 1);
      const [row] = (await rows(owner)).rows;
      const at = `${table(owner)}/rows/${row.id}`;
      assert.equal((await world.call('PUT', at, { data: { note: '甲' }, edits: row.edits })).body.edits, 1);
      const late = await world.call('PUT', at, { data: { note: '乙' }, edits: row.edits });
      assert.deepEqual(
        [late.status, late.body.facts],
        [409, { edits: 1, theirs: { note: '甲' }, yours: { note: '乙' } }],
      );
    });

    it('tell doubles and references that lead nowhere [CMA-3.11]', async () => {
      const owner = await world.draft({ register: 'institution', id: randomUUID() });
      await fill(owner, 2);
      await world.call('POST', `${table(owner)}/rows`, { data: capability(0, { equipment: 'E1、E2' }) });
      const { rows: faulty } = await rows(owner, '?only=problems');
      assert.deepEqual(
        faulty.map((row) => row.position),
        [3],
      );
      assert.deepEqual(
        faulty[0].findings.map((f) => [f.code, f.zh]),
        [
          ['double', faulty[0].findings[0].zh],
          ['reference', faulty[0].findings[1].zh],
        ],
      );
      assert.match(faulty[0].findings[0].zh, /^与第 1 行重复（同.*）。删去一行，或改正$/);
      assert.match(faulty[0].findings[1].zh, /里没有.*「E2」/);
      assert.equal((await view(owner)).tables.capabilities.problems, 1);
      const { findings } = await check(owner);
      const double = findings.find((f) => f.code === 'double')!;
      assert.match(double.zh, /^第 3 行　与第 1 行重复/);
      assert.equal(double.where.row, 3);
    });

    it('set columns of many rows at once [CMA-2.6]', async () => {
      const owner = await world.draft();
      await fill(owner, 3);
      const all = await world.call('POST', `${table(owner)}/bulk`, { rows: 'all', set: { limits: '不测海水' } });
      assert.deepEqual(all.body, { changed: 3 });
      const [first] = (await rows(owner)).rows;
      await world.call('POST', `${table(owner)}/bulk`, { rows: [first.id], set: { limits: null } });
      assert.deepEqual(
        (await rows(owner)).rows.map((row) => row.data.limits),
        [undefined, '不测海水', '不测海水'],
      );
      const gone = await world.call('POST', `${table(owner)}/bulk`, { rows: [randomUUID()], set: { limits: 'x' } });
      assert.equal(gone.status, 404);
    });
  });

  describe('Excel', () => {
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
      const names = heads('capabilities', keys);
      const owner = await world.draft({ register: 'institution', id: randomUUID() });
      const file = await book(
        [
          shown(0),
          shown(1, { standardNo: 'HJ 637' }),
          shown(2, { scope: '药品' }),
          shown(3, { site: 'S9' }),
          shown(0),
          shown(4, { object: '' }),
        ],
        heads('capabilities', keys),
      );
      const { status, body } = await world.send(`${table(owner)}/import`, '能力.xlsx', file);
      assert.equal(status, 200, JSON.stringify(body));
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
      const owner = await world.draft({ register: 'institution', id: randomUUID() });
      const at = `${table(owner)}/import`;
      const first = await book([shown(0), shown(1)], heads('capabilities', keys));
      await world.send(at, 'a.xlsx', first);
      const again = (await world.send(at, 'a.xlsx', first)).body;
      assert.deepEqual([again.imported, again.updated, again.unchanged], [0, 0, 2]);
      const more = (
        await world.send(
          at,
          'b.xlsx',
          await book([shown(1, { note: '仅合同' }), shown(2)], heads('capabilities', keys)),
        )
      ).body;
      assert.deepEqual([more.imported, more.updated], [1, 1]);
      assert.deepEqual(
        (await rows(owner)).rows.map((row) => row.data.note),
        [undefined, '仅合同', undefined],
      );
    });

    it('exports what it imports', async () => {
      const owner = await world.draft({ register: 'institution', id: randomUUID() });
      await fill(owner, 3);
      const file = Buffer.from(await (await world.get(`${table(owner)}/export.xlsx`)).arrayBuffer());
      const { body } = await world.send(`${table(owner)}/import`, 'back.xlsx', file);
      assert.deepEqual([body.unchanged, body.faulty], [3, 0]);
      assert.equal((await world.get(`${table(owner)}/template.xlsx`)).status, 200);
    });

    it('refuses other files and other sheets by name', async () => {
      const owner = await world.draft();
      const at = `${table(owner)}/import`;
      assert.equal((await world.send(at, 'a.xlsx', Buffer.from('%PDF-1.7'))).body.code, 'file-type');
      assert.equal((await world.send(at, 'a.xls', Buffer.from('MZ'.padEnd(300)))).body.code, 'file-type');
      const other = await world.send(at, 'a.xlsx', await book([{ a: 1 }], { a: '姓名' }));
      assert.equal(other.body.code, 'sheet-columns');
      assert.match(other.body.zh, /缺少列：.*参数/);
      const big = await world.send(at, 'a.xlsx', Buffer.alloc(1_100_000));
      assert.equal(big.body.code, 'file-too-large');
    });

    it('takes 10,000 rows at once, lists and checks them, and saves a field beside them [PLT-4.4]', async () => {
      const owner = await world.draft({ register: 'institution', id: randomUUID() });
      const file = await book(
        Array.from({ length: 10_000 }, (_, i) => shown(i)),
        heads('capabilities', keys),
      );
      const { body } = await world.send(`${table(owner)}/import`, 'a.xlsx', file);
      assert.equal(body.imported, 10_000);
      assert.equal((await rows(owner, '?only=problems')).total, 0);
      assert.deepEqual(
        (await rows(owner, '?q=参数9999')).rows.map((row) => row.position),
        [10_000],
      );
      assert.equal((await save(owner, 0, { name: '甲' })).status, 200);
      assert.equal(
        (await check(owner)).findings.some((f) => f.path.startsWith('capabilities')),
        false,
      );
    }).timeout(60_000);
  });

  it('checks the whole: fields, rows, materials, each with its place, in order of reading [CMA-3.11]', async () => {
    const owner = await world.draft({ register: 'institution', id: randomUUID() });
    const { findings, errors } = await check(owner);
    assert.equal(errors > 20, true);
    const paths = findings.map((f) => f.path);
    assert.equal(paths.includes('materials/quality-manual'), true);
    assert.equal(paths.includes('materials/parent-authorisation'), false, 'applies to dependent bodies only');
    assert.equal(paths.indexOf('capabilities') < paths.indexOf('materials/quality-manual'), true);
    assert.equal(paths.includes('bookSealed'), true);
    await save(owner, 0, { independent: 'no' });
    assert.equal(
      (await check(owner)).findings.some((f) => f.path === 'materials/parent-authorisation'),
      true,
    );
  });

  it('keeps versions: a closed one stays, the next change opens another, and both can be compared', async () => {
    const owner = await world.draft();
    const place = { owner, form: 'application' };
    await save(owner, 0, { name: '甲' });
    await fill(owner, 2);
    const close = () =>
      world.core.db.transaction((trx) => world.forms.close(trx, { ...place, by: who.personId, at: new Date() }));
    assert.equal(await close(), 1);
    assert.equal(await close(), 1);
    const [first, second] = (await rows(owner)).rows;
    await save(owner, 1, { name: '乙' });
    await world.call('PUT', `${table(owner)}/rows/${first.id}`, { data: { note: '改' } });
    await world.call('DELETE', `${table(owner)}/rows/${second.id}`);
    await world.call('POST', `${table(owner)}/rows`, { data: capability(7) });
    const form = await view(owner);
    assert.deepEqual([form.version, form.edits, form.changed], [2, 2, { name: '甲' }]);
    assert.equal((await world.forms.read(owner, 'application', 1)).data.name, '甲');
    assert.deepEqual(
      (await world.forms.rows(owner, 'application', 'capabilities', { version: 1 })).map((r) => r.data.note),
      [undefined, undefined],
    );
    const changed = (await rows(owner, '?only=changed')).rows;
    assert.deepEqual(
      changed.map((row) => row.changed?.note),
      [null, undefined],
    );
    const changes = await world.forms.changes(owner, 'application', 1, 2);
    assert.deepEqual(
      changes.map((change) => change.path.split('/').length),
      [1, 3, 2, 2],
    );
  });

  it('lets only pinned places be changed, and nothing once the form is out of hand [PLT-4.3] [CMA-3.7]', async () => {
    const owner = await world.draft();
    await fill(owner, 2);
    const [first, second] = (await rows(owner)).rows;
    const open = ['address', `capabilities/${first.id}/standardNo`, 'materials/quality-manual'];
    world.access.set(`${owner}/application`, {
      mode: 'edit',
      open,
      release: world.release,
      step: 'supplement',
      taskId: 't',
    });
    assert.equal((await save(owner, 0, { address: '新址' })).status, 200);
    const closed = await save(owner, 1, { name: '乙', address: '又改' });
    assert.deepEqual(
      [closed.status, closed.body.code, closed.body.fields.length, closed.body.fields[0].path],
      [409, 'locked', 1, 'name'],
    );
    const put = (id: string, data: object) => world.call('PUT', `${table(owner)}/rows/${id}`, { data });
    assert.equal((await put(first.id, { ...first.data, standardNo: 'GB 5009.15-2023' })).status, 200);
    assert.equal((await put(first.id, { note: 'x' })).body.code, 'locked');
    assert.equal((await put(second.id, { standardNo: 'GB 5009.15-2023' })).body.code, 'locked');
    assert.equal((await world.call('POST', `${table(owner)}/rows`, { data: capability(3) })).body.code, 'locked');
    assert.equal((await world.call('DELETE', `${table(owner)}/rows/${first.id}`)).body.code, 'locked');
    assert.equal(
      (await world.call('POST', `${table(owner)}/bulk`, { rows: 'all', set: { note: 'x' } })).body.code,
      'locked',
    );
    const form = await view(owner);
    assert.deepEqual(
      form.materials.filter((m: { open: boolean }) => m.open).map((m: { item: string }) => m.item),
      ['quality-manual'],
    );
    world.access.set(`${owner}/application`, { mode: 'read', release: world.release });
    assert.equal((await save(owner, 1, { address: 'x' })).body.code, 'form-read-only');
    world.access.delete(`${owner}/application`);
    assert.equal((await world.call('GET', `/forms/${owner}/application`)).status, 404);
  });

  it('refuses a change that waited while the decision closed the form', async () => {
    const owner = await world.draft();
    const late = await world.core.db.transaction(async (trx) => {
      await world.forms.close(trx, { owner, form: 'application', by: null, at: new Date() });
      const waiting = save(owner, 0, { name: '太迟' });
      await untilBlocked();
      world.access.set(`${owner}/application`, { mode: 'read', release: world.release });
      return { waiting };
    });
    assert.equal((await late.waiting).body.code, 'form-read-only');
    assert.equal((await world.forms.read(owner, 'application')).version, 1);

    async function untilBlocked(): Promise<void> {
      const { rows: waiting } = await world.core.db.raw(
        `select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
      );
      if (waiting.length === 0) return untilBlocked();
    }
  });

  it('makes a seal void when the application is changed after it, and says so [CMA-3.9]', async () => {
    const owner = await world.draft();
    const savedAt = async () => (await world.forms.read(owner, 'application')).savedAt;
    const sealIt = async (asOf?: Date | null) =>
      world.core.db.transaction(async (trx) =>
        world.forms.sign(trx, {
          owner,
          form: 'application',
          asOf: asOf === undefined ? await savedAt() : asOf,
          field: 'bookSealed',
          value: { by: '贵州云岭检测有限公司', at: '2026-11-20T17:00:00.000Z', hash: 'a'.repeat(64) },
        }),
      );
    const seals = async () => (await check(owner)).findings.filter((f) => f.path === 'bookSealed');
    await sealIt();
    assert.deepEqual(await seals(), []);
    const { body } = await save(owner, 0, { name: '改名' });
    assert.match(JSON.stringify(body.computed.bookSealed), /"voidedAt":"2026/);
    assert.deepEqual(
      (await seals()).map((f) => f.code),
      ['seal-void'],
    );
    assert.match((await seals())[0].zh, /2026-11-21 签章后内容又有改动，签章已失效。重新签章/);
    await sealIt();
    await fill(owner, 1);
    assert.equal((await seals()).length, 1);
    await sealIt();
    await world.send(`/forms/${owner}/application/materials/quality-manual`, 'm.pdf', Buffer.from('%PDF-1.7\n%%EOF'));
    assert.deepEqual(await seals(), [], 'materials are no part of the book');
    const rendered = await savedAt();
    world.core.at('2026-11-21T04:00:00Z');
    await save(owner, 1, { name: '生成后又改' });
    await assert.rejects(sealIt(rendered), { code: 'stale' });
  });

  describe('rulings', () => {
    const review = (owner: string) => `/forms/${owner}/technical-review`;
    const rulings = (owner: string) => `${review(owner)}/tables/capabilityRulings`;

    it('decide every row of the application: 3 refused of 300, the rest at once [CMA-4.1]', async () => {
      const owner = await world.draft();
      await world.core.db('form_row').insert(
        Array.from({ length: 300 }, (_, i) => ({
          owner,
          form: 'application',
          table_id: 'capabilities',
          row_id: randomUUID(),
          position: i + 1,
          from_version: 1,
          data: JSON.stringify(capability(i)),
        })),
      );
      world.access.set(`${owner}/technical-review`, {
        mode: 'edit',
        open: 'all',
        release: world.release,
        step: 'technicalReview',
      });
      const list = async (query = '') => (await world.call('GET', `${rulings(owner)}/rows${query}`)).body;
      const first = await list('?limit=3');
      assert.deepEqual([first.total, first.rows[0].of?.parameter, first.rows[0].data], [300, '参数0', {}]);
      assert.equal((await world.call('GET', review(owner))).body.tables.capabilityRulings.problems, 300);
      const all = await world.call('POST', `${rulings(owner)}/bulk`, { rows: 'all', set: { outcome: 'approved' } });
      assert.equal(all.body.changed, 300);
      for (const row of first.rows)
        await world.call('PUT', `${rulings(owner)}/rows/${row.id}`, { data: { outcome: 'notApproved' } });
      const open = await list('?only=problems');
      assert.deepEqual(
        open.rows.map((row: Row) => row.findings[0].path.split('/').at(-1)),
        ['reason', 'reason', 'reason'],
      );
      await world.call('POST', `${rulings(owner)}/bulk`, {
        rows: first.rows.map((row: Row) => row.id),
        set: { reason: '设备不具备', clause: '2.11.1' },
      });
      assert.equal((await list('?only=problems')).total, 0);
      const said = await world.forms.rows(owner, 'technical-review', 'capabilityRulings');
      assert.equal(said.filter((row) => row.data.outcome === 'notApproved').length, 3);
      assert.equal((await list('?q=参数299')).total, 1);
      assert.equal((await world.call('POST', `${rulings(owner)}/rows`, { data: {} })).body.code, 'locked');
      const wrong = await world.call('PUT', `${rulings(owner)}/rows/${randomUUID()}`, {
        data: { outcome: 'approved' },
      });
      assert.equal(wrong.status, 404);
    }).timeout(20_000);

    it('let rules read the rows and the answer that is being given', async () => {
      const owner = await world.draft();
      world.access.set(`${owner}/technical-review`, { mode: 'edit', open: 'all', release: world.release });
      const codes = async (outcome?: string) =>
        (await world.forms.check(owner, 'technical-review', 'technicalReview', outcome)).map((f) => f.code);
      const member = (role: string) =>
        world.call('POST', `${review(owner)}/tables/team/rows`, { data: { name: '甲', role } });
      await member('leader');
      assert.equal((await codes()).includes('one-leader'), false);
      await member('leader');
      assert.equal((await codes()).includes('one-leader'), true);
      await world.call('PATCH', review(owner), { edits: 0, set: { mode: 'document' } });
      assert.equal((await codes()).includes('document-conclusion'), false);
      assert.equal((await codes('basicallyConform')).includes('document-conclusion'), true);
    });
  });

  describe('materials', () => {
    const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');
    const at = (owner: string, item = 'quality-manual') => `/forms/${owner}/application/materials/${item}`;

    it('take several files per item, count them, and hand them out [CMA-3.12]', async () => {
      const owner = await world.draft();
      const { status, body } = await world.send(at(owner), '质量手册.pdf', pdf);
      assert.deepEqual([status, body.files.length, body.files[0].name], [201, 1, '质量手册.pdf']);
      const shown = await world.get(body.files[0].href.replace('/api/v1', ''));
      assert.equal(shown.headers.get('content-type'), 'application/pdf');
      assert.deepEqual(Buffer.from(await shown.arrayBuffer()), pdf);
      await world.send(at(owner), '2.pdf', pdf);
      await world.send(at(owner), '3.pdf', pdf);
      const full = await world.send(at(owner), '4.pdf', pdf);
      assert.deepEqual([full.status, full.body.code], [409, 'too-many-files']);
      const gone = await world.call('DELETE', `${at(owner)}/files/${body.files[0].id}`);
      assert.equal(gone.body.files.length, 2);
      assert.equal((await world.call('DELETE', `${at(owner)}/files/${body.files[0].id}`)).status, 404);
    });

    it('keep what is replaced after a version was closed [CMA-3.12]', async () => {
      const owner = await world.draft();
      const first = (await world.send(at(owner), 'a.pdf', pdf)).body.files[0];
      await world.core.db.transaction((trx) =>
        world.forms.close(trx, { owner, form: 'application', by: null, at: new Date() }),
      );
      world.core.at('2026-11-21T05:00:00Z');
      const { body } = await world.send(`${at(owner)}?replaces=${first.id}`, 'b.pdf', pdf);
      assert.deepEqual(
        body.files.map((f: { name: string; replaced: boolean }) => [f.name, f.replaced]),
        [
          ['a.pdf', true],
          ['b.pdf', false],
        ],
      );
      const changes = await world.forms.changes(owner, 'application', 1, 2);
      assert.deepEqual(changes, [{ path: 'materials/quality-manual', before: null, after: 'b.pdf' }]);
    });

    it('refuse disguised, wrong and large files, other items, and strangers [CMA-3.12]', async () => {
      const owner = await world.draft();
      const code = async (path: string, name: string, bytes: Buffer) => (await world.send(path, name, bytes)).body.code;
      assert.equal(await code(at(owner), 'a.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])), 'file-type');
      assert.equal(await code(at(owner), 'big.pdf', Buffer.concat([pdf, Buffer.alloc(1_100_000)])), 'file-too-large');
      assert.equal(await code(at(owner, 'nonsense'), 'a.pdf', pdf), 'not-found');
      const file = (await world.send(at(owner), 'a.pdf', pdf)).body.files[0];
      world.access.delete(`${owner}/application`);
      assert.equal((await world.get(`/files/${file.id}`)).status, 404);
      assert.equal(await code(at(owner), 'a.pdf', pdf), 'not-found');
      assert.deepEqual(await world.core.db('material').where({ owner }).count().first(), { count: '1' });
    });
  });
});
