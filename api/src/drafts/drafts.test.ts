import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createAudit } from '../audit/index.ts';
import { catalogueRoutes } from '../catalogue/index.ts';
import type { TestCore } from '../core/testing.ts';
import { createFonts } from '../documents/index.ts';
import { inRequest } from '../files/testing.ts';
import type { Forms } from '../forms/index.ts';
import { openFormsWorld, who, type FormsWorld } from '../forms/testing.ts';
import { createRegisters, type Registers } from '../registers/index.ts';
import { createPdf, createTestSignatures } from '../signatures/testing.ts';
import { createMessages } from '../messages/index.ts';
import { createDrafts, createKeeping } from './index.ts';

const fixture = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../../workflows/cma-initial/fixtures/${name}.json`, import.meta.url), 'utf8'));

describe('drafts', function () {
  this.timeout(60_000);
  let world: FormsWorld;
  let registers: Registers;
  let forms: Forms;
  let institution: string;
  /** Runs while the book is being rendered. */
  let meanwhile: () => Promise<void> = async () => {};

  before(async () => {
    const signatures = await createTestSignatures();
    const { serif } = createFonts();
    world = await openFormsWorld(
      (core) =>
        (registers = createRegisters(core, {
          registerScope: () => ({ kind: 'divisions', prefixes: [] }),
          uploads: inRequest(core),
        })),
      ({ core, sessions, release, ...parts }) => {
        forms = parts.forms;
        const flows = {
          all: async () => [release],
          current: async () => release,
          get: async () => release,
          sample: async () => Buffer.alloc(0),
        };
        const { routes } = createDrafts(core, {
          newer: { of: async () => null, take: async () => {} },
          flows,
          forms,
          sessions,
          registers,
          audit: createAudit(core),
          documents: {
            async render(_release, _kind, { seal }) {
              const pdf = await createPdf(['申请书（印章）'], serif);
              await meanwhile();
              if (!seal) return pdf;
              const at = core.time.now();
              return signatures.seal(pdf, {
                keyId: `institution:${seal.institution}`,
                name: seal.name,
                reason: '申请书',
                location: '',
                at,
              });
            },
          },
        });
        return [...catalogueRoutes(core, { flows, registers }), ...routes];
      },
    );
    world.core.at('2026-11-21T02:00:00Z');
    await loadDivisions(world.core);
    const { fields, tables } = await fixture('institution-a');
    const children = Object.entries(tables as Record<string, Record<string, unknown>[]>).map(([id, rows]) => [
      id,
      { rows, mode: 'merge' },
    ]);
    institution = await world.core.db.transaction((trx) =>
      registers.write(trx, { register: 'institution', fields, children: Object.fromEntries(children) }),
    );
    await world.core.db('person').insert({ id: who.personId, name: who.name, kind: 'applicant' });
    who.institutions = [{ register: 'institution', id: institution, name: fields.name, uscc: fields.uscc }];
  });
  after(async () => {
    who.institutions = [];
    await world.close();
  });

  async function create(): Promise<string> {
    const { status, body } = await world.call('POST', '/drafts', { flow: 'cma-initial' });
    assert.equal(status, 200, JSON.stringify(body));
    const { id } = body;
    world.access.set(`${id}/application`, { mode: 'edit', open: 'all', release: world.release });
    return id;
  }
  async function complete(): Promise<string> {
    const id = await create();
    const { fields } = await fixture('application-a');
    await world.call('PATCH', `/forms/${id}/application`, { edits: 0, set: fields });
    return id;
  }
  const open = async (id: string) =>
    (await forms.check(id, 'application')).filter((f) => f.severity === 'error' && !f.path.startsWith('materials/'));

  it('are filled from the register: a whole institution with 300 capabilities lacks nothing but the seal [CMA-3.2]', async () => {
    const id = await complete();
    const { body } = await world.call('GET', `/forms/${id}/application`);
    assert.deepEqual(
      ['sites', 'signatories', 'people', 'equipment', 'capabilities'].map((table) => body.tables[table]),
      [2, 12, 45, 120, 300].map((count) => ({ count, problems: 0, changed: 0 })),
    );
    assert.deepEqual(
      (await open(id)).map((f) => f.path),
      ['bookSealed'],
    );
  });

  it('refuse a seal on incomplete records and name what is missing [CMA-3.9] [CMA-3.11]', async () => {
    const id = await create();
    const { status, body } = await world.call('POST', `/drafts/${id}/seal`);
    assert.deepEqual([status, body.code], [400, 'invalid']);
    assert.equal(
      body.fields.some((f) => f.path === 'systemStartedOn'),
      true,
    );
    assert.equal(
      body.fields.some((f) => f.path.startsWith('materials/') || f.path === 'bookSealed'),
      false,
    );
  });

  it('make the book, and put the institution’s seal on it; a change makes it void, sealing again mends it [CMA-3.8] [CMA-3.9] [CMA-3.10]', async () => {
    const id = await complete();
    const preview = await world.call('POST', `/drafts/${id}/book`);
    assert.equal(preview.status, 200);
    const sealed = await world.call('POST', `/drafts/${id}/seal`);
    assert.equal(sealed.status, 200, JSON.stringify(sealed.body));
    const shown = await world.get(`/drafts/${id}/book`);
    assert.equal(shown.headers.get('content-type'), 'application/pdf');
    assert.match(Buffer.from(await shown.arrayBuffer()).toString('latin1'), /\/ETSI.CAdES.detached/);
    assert.deepEqual(await open(id), []);
    const { edits } = await forms.read(id, 'application');
    await world.call('PATCH', `/forms/${id}/application`, { edits, set: { contactName: '顾南乔' } });
    assert.deepEqual(
      (await open(id)).map((f) => f.code),
      ['seal-void'],
    );
    assert.equal((await world.call('POST', `/drafts/${id}/seal`)).status, 200);
    assert.deepEqual(await open(id), []);
  });

  it('do not seal what was changed while the book was made [CMA-3.9]', async () => {
    const id = await complete();
    meanwhile = async () => {
      world.core.at('2026-11-21T02:10:00Z');
      const { edits } = await forms.read(id, 'application');
      await world.call('PATCH', `/forms/${id}/application`, { edits, set: { contactName: '韦若岚' } });
    };
    const { status, body } = await world.call('POST', `/drafts/${id}/seal`);
    meanwhile = async () => {};
    assert.deepEqual([status, body.code], [409, 'stale']);
    assert.deepEqual(
      (await open(id)).map((f) => f.code),
      ['missing'],
    );
  });

  it('can be sealed again in a correction, and not when only pinned places are open [CMA-3.7] [CMA-3.9]', async () => {
    const id = await complete();
    await world.core.db('draft').where({ id }).update({ state: 'submitted' });
    world.access.set(`${id}/application`, { mode: 'edit', open: 'all', release: world.release, step: 'correct' });
    assert.equal((await world.call('POST', `/drafts/${id}/seal`)).status, 200);
    world.access.set(`${id}/application`, {
      mode: 'edit',
      open: ['address'],
      release: world.release,
      step: 'supplement',
    });
    assert.equal((await world.call('POST', `/drafts/${id}/seal`)).body.code, 'locked');
    world.access.set(`${id}/application`, { mode: 'read', release: world.release });
    assert.equal((await world.call('POST', `/drafts/${id}/seal`)).body.code, 'form-read-only');
  });

  it('are listed with what they lack, and given up [CMA-3.1]', async () => {
    const id = await complete();
    const list = async () =>
      JSON.parse(await (await world.get('/drafts')).text()).rows as { id: string; missing: number }[];
    const found = (await list()).find((row) => row.id === id);
    assert.equal(found?.missing, world.release.package.flow.materials.filter((m) => m.required && !m.when).length + 1);
    assert.equal((await world.call('DELETE', `/drafts/${id}`)).status, 200);
    assert.equal(
      (await list()).some((row) => row.id === id),
      false,
    );
    assert.equal((await world.call('POST', `/drafts/${id}/seal`)).status, 404);
  });

  it('are kept for ever, or as long as the authority says; 30 days before the end those who write them are told once [PLT-2.3]', async () => {
    const { core } = world;
    const keep = createKeeping(core, {
      messages: createMessages(core),
      flows: { get: async () => world.release },
    });
    const row = async (id: string) => JSON.parse(await (await world.get('/drafts')).text()).rows.find(byId(id));
    const byId = (id: string) => (one: { id: string }) => one.id === id;
    const told = async (id: string) =>
      (await core.db('message').where({ kind: 'draft-ends', link: `/applications/${id}` })).map(({ title }) => title);
    core.at('2026-11-21T02:00:00Z');
    const [left, saved] = [await create(), await create()];
    assert.equal((await row(left)).keptUntil, null);
    await core.db('setting').insert({ key: 'drafts.kept-days', value: '365', changed_at: core.time.now() });
    assert.equal((await row(left)).keptUntil, '2027-11-21');
    core.at('2027-10-22T15:59:00Z');
    await keep();
    assert.deepEqual(await told(left), []);
    core.at('2027-10-22T16:01:00Z');
    for (const _ of [1, 2]) await keep();
    assert.deepEqual(await told(left), ['草稿「检验检测机构资质认定首次申请」保留到 2027-11-21']);
    await world.call('PATCH', `/forms/${saved}/application`, { edits: 0, set: { contactName: '顾南乔' } });
    core.at('2027-11-21T15:59:00Z');
    await keep();
    assert.ok(await row(left), 'kept on its last day');
    core.at('2027-11-21T16:01:00Z');
    await keep();
    assert.equal(await row(left), undefined);
    assert.equal((await row(saved)).keptUntil, '2028-10-22');
    core.at('2026-11-21T02:00:00Z');
  });

  it('are begun by whom the flow allows; the catalogue says why not [CMA-3.2]', async () => {
    const items = async () => JSON.parse(await (await world.get('/catalogue')).text()).items;
    assert.deepEqual([(await items())[0].mayStart, (await items())[0].materials.length], [true, 8]);
    const mine = who.institutions;
    who.institutions = [];
    try {
      assert.match((await items())[0].reason.zh, /还没有关联/);
      assert.equal((await world.call('POST', '/drafts', { flow: 'cma-initial' })).body.code, 'may-not-start');
    } finally {
      who.institutions = mine;
    }
  });
});

/** As many as the fixture names. */
async function loadDivisions({ db }: TestCore): Promise<void> {
  await db('division').insert([
    { code: '520000', name: '贵州省', level: 'province' },
    { code: '520100', name: '贵阳市', level: 'city', parent: '520000' },
    { code: '520102', name: '南明区', level: 'county', parent: '520100' },
    { code: '520103', name: '云岩区', level: 'county', parent: '520100' },
    { code: '520111', name: '花溪区', level: 'county', parent: '520100' },
    { code: '520112', name: '乌当区', level: 'county', parent: '520100' },
    { code: '520113', name: '白云区', level: 'county', parent: '520100' },
    { code: '520115', name: '观山湖区', level: 'county', parent: '520100' },
  ]);
}
