import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Finding } from '../../../contracts/api/index.ts';
import { who } from './testing.ts';
import { capability, siteId, subject, uscc, openApplication, type Application } from './application.testing.ts';

describe('forms of a draft', function () {
  this.timeout(60_000);
  let world: Application;
  before(async () => {
    world = await openApplication();
  });
  after(() => world.close());

  it('is filled from the register, fields and rows, and says from where [CMA-3.2] [CMA-2.4]', async () => {
    const form = await world.view(await world.draft(subject));
    assert.deepEqual(form.data, { name: '贵州云岭检测有限公司', uscc, staffTotal: 45 });
    assert.deepEqual(form.sources.uscc, { zh: '机构档案 2026-11-16', en: 'Institution records, 2026-11-16' });
    assert.deepEqual([form.version, form.edits, form.mode, form.open], [1, 0, 'edit', 'all']);
    assert.equal(form.tables.sites.count, 1);
    assert.deepEqual((await world.rows(form.owner, '', 'sites')).rows[0].id, siteId);
  });

  it('saves a few fields, tells what is wrong with them and forgets where they came from [CMA-3.2]', async () => {
    const owner = await world.draft(subject);
    const saved = await world.save(owner, 0, { uscc: '914403001922038217', email: 'nobody', address: '  ' });
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
    const form = await world.view(owner);
    assert.equal(form.data.email, 'nobody', 'what was typed is kept');
    assert.deepEqual(Object.keys(form.sources).sort(), ['name', 'staffTotal']);
    const reasoned = await world.save(owner, 1, { 'uscc.reason': '2015 年赋码，证书如此' });
    assert.equal(reasoned.body.findings.find((f) => f.path === 'uscc')?.severity, 'warning');
  });

  it('refuses a stale save with both values, and takes a repeated one [PLT-4.3]', async () => {
    const owner = await world.draft();
    await world.save(owner, 0, { name: '甲' });
    const late = await world.save(owner, 0, { name: '乙', phone: '0851-85561234' });
    assert.equal(late.status, 409);
    assert.equal(late.body.code, 'stale');
    assert.deepEqual(late.body.facts, {
      edits: 1,
      theirs: { name: '甲', phone: null },
      yours: { name: '乙', phone: '0851-85561234' },
    });
    assert.equal((await world.save(owner, 0, { name: '甲' })).status, 200);
  });

  it('names unknown fields, wrong shapes, tables, computed fields and bad characters [PLT-4.3]', async () => {
    const owner = await world.draft();
    const paths = async (set: object) => {
      const { status, body } = await world.save(owner, 0, set);
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
    assert.equal((await world.save(owner, 0, { name: '\\u0000 as text' })).status, 200);
    assert.equal((await world.call('PATCH', `/forms/${owner}/application`, { set: {} })).status, 400);
    assert.equal((await world.call('GET', `/forms/no-uuid/application`)).status, 400);
    assert.equal((await world.call('GET', `/forms/${randomUUID()}/application`)).status, 404);
  });

  it('saves one field with 300 rows beside it and leaves the rows alone [PLT-4.4]', async () => {
    const owner = await world.draft();
    await world.put(owner, 300);
    const before = await world.core.db('form_row').where({ owner }).select(world.core.db.raw('xmin::text, ctid::text'));
    assert.equal((await world.save(owner, 0, { name: '另一个名称' })).status, 200);
    const after = await world.core.db('form_row').where({ owner }).select(world.core.db.raw('xmin::text, ctid::text'));
    assert.deepEqual(after, before);
  });

  it('checks the whole: fields, rows, materials, each with its place, in order of reading [CMA-3.11]', async () => {
    const owner = await world.draft(subject);
    const { findings, errors } = await world.check(owner);
    assert.equal(errors > 20, true);
    const paths = findings.map((f) => f.path);
    assert.equal(paths.includes('materials/quality-manual'), true);
    assert.equal(paths.includes('materials/parent-authorisation'), false, 'applies to dependent bodies only');
    assert.equal(paths.indexOf('capabilities') < paths.indexOf('materials/quality-manual'), true);
    assert.equal(paths.includes('bookSealed'), true);
    await world.save(owner, 0, { independent: 'no' });
    assert.equal(
      (await world.check(owner)).findings.some((f) => f.path === 'materials/parent-authorisation'),
      true,
    );
  });

  it('keeps versions: a closed one stays, the next change opens another, and both can be compared', async () => {
    const owner = await world.draft();
    const place = { owner, form: 'application' };
    await world.save(owner, 0, { name: '甲' });
    await world.fill(owner, 2);
    const close = () =>
      world.core.db.transaction((trx) => world.forms.close(trx, { ...place, by: who.personId, at: new Date() }));
    assert.equal(await close(), 1);
    assert.equal(await close(), 1);
    const [first, second] = (await world.rows(owner)).rows;
    await world.save(owner, 1, { name: '乙' });
    await world.call('PUT', `${world.table(owner)}/rows/${first.id}`, { data: { note: '改' } });
    await world.call('DELETE', `${world.table(owner)}/rows/${second.id}`);
    await world.call('POST', `${world.table(owner)}/rows`, { data: capability(7) });
    const form = await world.view(owner);
    assert.deepEqual([form.version, form.edits, form.changed], [2, 2, { name: '甲' }]);
    assert.equal((await world.forms.read(owner, 'application', 1)).data.name, '甲');
    assert.deepEqual(
      (await world.forms.rows(owner, 'application', 'capabilities', { version: 1 })).map((r) => r.data.note),
      [undefined, undefined],
    );
    const whole = await world.forms.whole(owner);
    const { data } = await world.forms.read(owner, 'application');
    assert.deepEqual(await whole.read(owner, 'application'), { data });
    assert.deepEqual(
      await whole.rows(owner, 'application', 'capabilities'),
      await world.forms.rows(owner, 'application', 'capabilities'),
    );
    assert.deepEqual(await whole.rows(owner, 'application', 'people'), []);
    const changed = (await world.rows(owner, '?only=changed')).rows;
    assert.deepEqual(
      changed.map((row) => [row.changed?.note, row.gone]),
      [
        [null, undefined],
        [undefined, true],
        [undefined, undefined],
      ],
    );
    assert.deepEqual([form.tables.capabilities.changed, (await world.rows(owner)).rows.length], [3, 2]);
    const changes = await world.forms.changes(owner, 'application', 1, 2);
    assert.deepEqual(
      changes.map((change) => change.path.split('/').length),
      [1, 3, 2, 2],
    );
  });

  it('tells what changed since any earlier version, rows that went among it [PLT-1.8]', async () => {
    const owner = await world.draft();
    const close = () =>
      world.core.db.transaction((trx) =>
        world.forms.close(trx, { owner, form: 'application', by: who.personId, at: new Date() }),
      );
    const put = (id: string, data: object) => world.call('PUT', `${world.table(owner)}/rows/${id}`, { data });
    await world.save(owner, 0, { name: '甲' });
    await world.fill(owner, 3);
    await close();
    const [first, second] = (await world.rows(owner)).rows;
    await put(first.id, { note: '一改' });
    await put(second.id, { note: '改了又删' });
    await close();
    await put(first.id, { note: '二改' });
    await world.call('DELETE', `${world.table(owner)}/rows/${second.id}`);
    await world.save(owner, 1, { name: '乙' });
    const changedSince = async (version: number) => {
      const { rows, total } = await world.rows(owner, `?only=changed&since=${version}`);
      const { body } = await world.call('GET', `/forms/${owner}/application?since=${version}`);
      assert.equal(total, body.tables.capabilities.changed);
      return [body.changed.name, ...rows.map((row) => row.gone ?? row.changed?.note)];
    };
    assert.deepEqual(await changedSince(1), ['甲', null, true]);
    assert.deepEqual(await changedSince(2), ['甲', '一改', true]);
    assert.deepEqual(await changedSince(3), [undefined]);
  });

  it('lets only pinned places be changed, and nothing once the form is out of hand [PLT-4.3] [CMA-3.7]', async () => {
    const owner = await world.draft();
    await world.fill(owner, 2);
    const [first, second] = (await world.rows(owner)).rows;
    const open = ['address', `capabilities/${first.id}/standardNo`, 'materials/quality-manual'];
    world.access.set(`${owner}/application`, {
      mode: 'edit',
      open,
      release: world.release,
      step: 'supplement',
      taskId: 't',
    });
    assert.equal((await world.save(owner, 0, { address: '新址' })).status, 200);
    const closed = await world.save(owner, 1, { name: '乙', address: '又改' });
    assert.deepEqual(
      [closed.status, closed.body.code, closed.body.fields.length, closed.body.fields[0].path],
      [409, 'locked', 1, 'name'],
    );
    const put = (id: string, data: object) => world.call('PUT', `${world.table(owner)}/rows/${id}`, { data });
    assert.equal((await put(first.id, { ...first.data, standardNo: 'GB 5009.15-2023' })).status, 200);
    assert.equal((await put(first.id, { note: 'x' })).body.code, 'locked');
    assert.equal((await put(second.id, { standardNo: 'GB 5009.15-2023' })).body.code, 'locked');
    assert.equal((await world.call('POST', `${world.table(owner)}/rows`, { data: capability(3) })).body.code, 'locked');
    assert.equal((await world.call('DELETE', `${world.table(owner)}/rows/${first.id}`)).body.code, 'locked');
    assert.equal(
      (await world.call('POST', `${world.table(owner)}/bulk`, { rows: 'all', set: { note: 'x' } })).body.code,
      'locked',
    );
    const form = await world.view(owner);
    assert.deepEqual(
      form.materials.filter((m: { open: boolean }) => m.open).map((m: { item: string }) => m.item),
      ['quality-manual'],
    );
    world.access.set(`${owner}/application`, { mode: 'read', release: world.release });
    assert.equal((await world.save(owner, 1, { address: 'x' })).body.code, 'form-read-only');
    world.access.delete(`${owner}/application`);
    assert.equal((await world.call('GET', `/forms/${owner}/application`)).status, 404);
  });

  it('refuses a change that waited while the decision closed the form', async () => {
    const owner = await world.draft();
    const late = await world.core.db.transaction(async (trx) => {
      await world.forms.close(trx, { owner, form: 'application', by: null, at: new Date() });
      const waiting = world.save(owner, 0, { name: '太迟' });
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
    const seals = async () => (await world.check(owner)).findings.filter((f) => f.path === 'bookSealed');
    await sealIt();
    assert.deepEqual(await seals(), []);
    const { body } = await world.save(owner, 0, { name: '改名' });
    assert.match(JSON.stringify(body.computed.bookSealed), /"voidedAt":"2026/);
    assert.deepEqual(
      (await seals()).map((f) => f.code),
      ['seal-void'],
    );
    assert.match((await seals())[0].zh, /2026-11-21 签章后内容又有改动，签章已失效。重新签章/);
    await sealIt();
    await world.fill(owner, 1);
    assert.equal((await seals()).length, 1);
    await sealIt();
    await world.send(`/forms/${owner}/application/materials/quality-manual`, 'm.pdf', Buffer.from('%PDF-1.7\n%%EOF'));
    assert.deepEqual(await seals(), [], 'materials are no part of the book');
    const rendered = await savedAt();
    world.core.at('2026-11-21T04:00:00Z');
    await world.save(owner, 1, { name: '生成后又改' });
    await assert.rejects(sealIt(rendered), { code: 'stale' });
  });
});
