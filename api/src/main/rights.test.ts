import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Knex } from 'knex';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { openBrowser, type Browser } from '../identity/testing.ts';
import { createApp, type App } from './app.ts';
import { DEMO_PASSWORD, seedDemo } from './demonstration/index.ts';
import { refusals, type RefusalWorld } from './refusals.ts';

const PASSWORD = 'Guizhou-2026-test';
const NOW = '2026-11-21T02:32:00Z';

describe('rights of all routes', function () {
  this.timeout(60_000);
  let core: TestCore;
  let app: App;
  let server: Server;
  let url: string;
  let strangers: RefusalWorld['strangers'];
  let params: Record<string, string>;
  let draft: string;

  before(async () => {
    core = await openTestCore();
    app = await createApp(core, { databaseUrl: core.database.runUrl });
    await seedDemo({ core, ...app });
    server = createServer(app.http).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    await core.db.transaction(makeStrangers);
    strangers = {
      nobody: (...sent) => openBrowser(url).send(...sent),
      roleless: await signedIn('roleless'),
      elsewhere: await signedIn('elsewhere'),
      applicant: await signedIn('stranger'),
    };
    ({ params, draft } = await core.db.transaction(makeThings));
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await app.close();
    await core.close();
  });

  async function signedIn(login: string, password = PASSWORD): Promise<Browser['send']> {
    const browser = openBrowser(url);
    assert.equal((await browser.send('POST', '/session', { login, password })).status, 200);
    return browser.send.bind(browser);
  }

  it('refuse whoever is not signed in, has no role, holds it elsewhere or acts for another [PLT-7.3]', async () => {
    const world = {
      params,
      common: ['year', 'incident', 'setting'],
      bodies: { 'post /offices': { code: '520111', name: '某局', shortName: '某局' } },
      strangers,
    };
    assert.deepEqual(await refusals(app.routes, world), []);
    const ofDraft = app.routes.filter(({ path }) => path.includes(':owner'));
    assert.deepEqual(await refusals(ofDraft, { ...world, params: { ...params, owner: draft } }), []);
  });

  it('let those through whose things they are [PLT-7.3]', async () => {
    const shared = ['/cases/:case/timeline', '/cases/:case/changes', '/certificates/:certificate/file'];
    const ways = {
      shouli: [...shared, '/decisions/:decision', '/documents/:document/file'],
      shenqing: [...shared, '/registers/institution/:item'],
    };
    for (const [login, paths] of Object.entries(ways)) {
      const send = await signedIn(login, DEMO_PASSWORD);
      for (const path of paths) {
        const { status } = await send(
          'GET',
          path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? ''),
        );
        assert.equal(status, 200, `${login} ${path}`);
      }
    }
  });

  it('name roles that exist, and each route once [PLT-7.3]', async () => {
    const roles: string[] = await core.db('role').pluck('id');
    const named = app.routes.flatMap(({ rights }) => (rights.kind === 'role' ? rights.roles : []));
    assert.deepEqual(
      named.filter((role) => !roles.includes(role)),
      [],
    );
    const names = app.routes.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    );
  });

  /** Somebody without a role, somebody with every role in another city, the applicant of another institution. */
  async function makeStrangers(trx: Knex.Transaction): Promise<void> {
    const { organisation, registers } = app;
    const by = { personId: null };
    await organisation.createOffice(trx, { code: '5203', name: '遵义市局', shortName: '遵义', profile: {} }, by);
    const person = (login: string, office?: string) =>
      organisation.createPerson(
        trx,
        { name: login, kind: office ? 'staff' : 'applicant', office, account: { login, password: PASSWORD } },
        by,
      );
    await person('roleless', '5203');
    const elsewhere = await person('elsewhere', '5203');
    for (const role of await trx('role').pluck('id'))
      await organisation.grant(trx, { personId: elsewhere, role, office: '5203', reach: 'tree', mayTake: true }, by);
    const fields = { name: '另一机构', uscc: '91520102MA00000000', division: '520300' };
    const entry = await registers.write(trx, { register: 'institution', fields });
    await organisation.represent(trx, { personId: await person('stranger'), register: 'institution', entry }, by);
  }

  /** A case of the province with everything that hangs on one, and an open draft, of the demonstration's institution. */
  async function makeThings(trx: Knex.Transaction) {
    const one = async (table: string, row: object): Promise<string> =>
      (await trx(table).insert(row).returning('id'))[0].id;
    const applicant = await trx('account').where({ login: 'shenqing' }).first('person_id');
    const starter: string = applicant.person_id;
    const { entry: institution_id } = await trx('representative').where({ person_id: starter }).first();
    const officer = await trx('account').where({ login: 'shouli' }).first('person_id');
    const person: string = officer.person_id;
    const { id: grant } = await trx('role_grant').where({ person_id: person }).first('id');

    const step = {
      ...{ id: 'acceptance', name: { zh: '受理' }, type: 'user', groups: ['cma.acceptance'] },
      ...{ outcomes: [], actions: [], clock: [] },
    };
    const flow = {
      ...{ id: 'f', title: { zh: '事项', en: 'Item' }, form: 'application', clocks: [], materials: [] },
      ...{ start: { roles: ['applicant', 'cma.acceptance'] }, subject: { register: 'institution' } },
    };
    const form = { schema: { components: [] }, title: '申请书', fields: {}, tables: {} };
    const compiled = { flow, steps: { acceptance: step }, forms: { application: form }, documents: {}, variables: [] };
    const release_id = await one('release', {
      flow: 'f',
      version: 1,
      definition_id: '',
      deployment_id: '',
      hash: '',
      package: compiled,
      released_at: NOW,
    });
    const draftOf = (id: string, state: string) => ({
      id,
      flow: 'f',
      release_id,
      form: 'application',
      person_id: starter,
      institution_id,
      state,
      created_at: NOW,
      updated_at: NOW,
    });
    const case_id = await one('draft', draftOf(randomUUID(), 'submitted'));
    const draft = await one('draft', draftOf(randomUUID(), 'open'));
    const about = { flow: 'f', title: '事项', subject_name: '某机构', subject_register: 'institution' };
    await trx('case').insert({
      ...about,
      id: case_id,
      number: 'F-1',
      release_id,
      office: '52',
      starter,
      institution_id,
      subject_id: institution_id,
      state: 'running',
      received_at: NOW,
    });
    for (const owner of [case_id, draft])
      await trx('form_version').insert({ owner, form: 'application', version: 1, updated_at: NOW });
    const row = randomUUID();
    const cell = { form: 'application', table_id: 'sites', row_id: row, position: 1, from_version: 1, data: {} };
    for (const owner of [case_id, draft]) await trx('form_row').insert({ ...cell, owner });

    const { hash: file_hash, size } = await core.files.put(Buffer.from('%PDF-1.7\n'));
    const file = await one('material', {
      owner: case_id,
      form: 'application',
      item: 'quality-manual',
      file_hash,
      name: '手册.pdf',
      size,
      type: 'application/pdf',
      version: 1,
      uploaded_at: NOW,
    });
    await trx('task').insert({
      id: 't1',
      case_id,
      step: 'acceptance',
      name: '受理',
      instance_id: 'i',
      entered_at: NOW,
    });
    await trx('task_group').insert({ task_id: 't1', grp: 'cma.acceptance@52' });
    const decision = await one('decision', {
      task_id: 't0',
      case_id,
      step: 'acceptance',
      person_id: person,
      outcome: 'accept',
      state: 'done',
      decided_at: NOW,
    });
    const document = await one('document', {
      case_id,
      step: 's',
      kind: 'notice',
      title: '通知书',
      state: 'served',
      file_hash,
      signed_hash: file_hash,
      made_at: NOW,
    });
    const service = await one('service', {
      document_id: document,
      case_id,
      addressee: '某机构',
      addressee_key: 'applicant',
      institution_id,
      way: 'post',
      sent_at: NOW,
      evidence: file_hash,
    });
    const publication = await one('publication', {
      ...{ list: 'results', title: '结果', case_id, step: 'publish', words: [] },
      ...{ office: '52', office_name: '省局', published_at: NOW },
    });
    const signing = await one('signing', {
      document_id: document,
      case_id,
      place: 'receiver',
      signer: '某人',
      token_hash: 't',
      document_hash: file_hash,
      asked_by: person,
      asked_at: NOW,
      expires_at: NOW,
    });
    const certificate = await one('certificate', {
      number: 'N1',
      version: 1,
      kind: 'cma',
      institution_id,
      holder_name: '某机构',
      holder_uscc: 'U',
      case_id,
      data: { kindTitle: '证书', annexes: [] },
      digest: 'd',
      token: 't',
      file_hash,
      state: 'valid',
      valid_from: '2026-11-21',
      valid_to: '2032-11-20',
      issued_at: NOW,
    });
    const message = await one('message', { person_id: starter, kind: 'test', title: '', body: '', at: NOW });
    const incident = await one('incident', { code: 'E-0001', kind: 'work', message: '', opened_at: NOW });
    const avoidance = await one('avoidance', {
      person_id: person,
      subject_register: 'institution',
      subject_id: institution_id,
      ground: '配偶任职',
      from_day: '2026-01-01',
      to_day: '2026-12-31',
      declared_by: person,
      declared_at: NOW,
    });
    const absence = await one('absence', {
      person_id: person,
      deputy_id: starter,
      from_day: '2026-01-01',
      to_day: '2026-12-31',
      declared_by: person,
      declared_at: NOW,
    });
    const filter = await one('saved_filter', { person_id: person, list: 'inbox', name: 'x', query: '', saved_at: NOW });
    const sign = await one('added_sign', {
      ...{ task_id: 't1', case_id, kind: 'before', person_id: person, added_by: person },
      ...{ reason: '请提意见', added_at: NOW, state: 'removed' },
    });
    const batch = await one('batch', { person_id: person, act: 'decide', title: { zh: '', en: '' }, checked_at: NOW });
    const phrase = await one('phrase', { person_id: person, text: '同意', at: NOW });
    const upload = await one('upload', { person_id: starter, name: '手册.pdf', size: 1, created_at: NOW });
    const params = {
      task: 't1',
      upload,
      batch,
      phrase,
      at: '0',
      avoidance,
      absence,
      filter,
      sign,
      hash: file_hash,
      case: case_id,
      owner: case_id,
      form: 'application',
      table: 'sites',
      child: 'sites',
      field: 'name',
      row,
      item: institution_id,
      flow: 'f',
      register: 'institution',
      entry: institution_id,
      file,
      document,
      service,
      signing,
      publication,
      certificate,
      proposal: certificate,
      decision,
      message,
      incident,
      person,
      grant,
      office: '52',
      year: '2027',
      setting: 'clocks.warn-before',
      step: 'extend',
    };
    return { params, draft };
  }
});
