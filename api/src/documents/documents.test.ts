import assert from 'node:assert/strict';
import express from 'express';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import { createAudit } from '../audit/index.ts';
import { createClocks, type Clocks } from '../clocks/index.ts';
import { createCalendar } from '../calendar/index.ts';
import { mount, type Who } from '../core/index.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { createIncidents, type CaseRow } from '../engine/index.ts';
import { createMessages } from '../messages/index.ts';
import { createNumbers } from '../numbers/index.ts';
import { createDocuments, type DocumentOf, type Documents, type Serving, type TemplateData } from './index.ts';

const text = (zh: string) => ({ zh, en: zh });
const flow = {
  flow: {
    form: 'application',
    title: text('首次申请'),
    clocks: [
      {
        id: 'reply',
        title: text('答复期限'),
        basis: '《行政许可法》第三十二条',
        limit: 'P20WD',
        from: ['served:notice'],
        until: ['ended'],
        again: false,
      },
    ],
  },
  steps: {},
  forms: {
    application: {
      type: 'default',
      id: 'application',
      components: [
        { type: 'text', key: 'name', label: '名称' },
        { type: 'text', key: 'address', label: '地址' },
        {
          type: 'choice',
          key: 'legal',
          label: '类别',
          values: [{ value: 'enterprise', label: '企业' }],
        },
        {
          type: 'table',
          key: 'capabilities',
          label: '能力',
          columns: [{ type: 'text', key: 'parameter', label: '参数' }],
        },
      ],
    },
    review: {
      type: 'default',
      id: 'review',
      components: [
        {
          type: 'row-decisions',
          key: 'rulings',
          label: '确定',
          of: 'application.capabilities',
          show: ['parameter'],
          outcomes: [
            { id: 'approved', zh: '符合' },
            { id: 'notApproved', zh: '不符合' },
          ],
          columns: [{ type: 'text', key: 'reason', label: '理由' }],
        },
      ],
    },
  },
  documents: {
    notice: {
      kind: 'document',
      title: text('补正通知书'),
      numberRule: 'document.cma.supplement',
      seal: 'office',
      template: 'notice.docx',
      addressee: 'applicant',
    },
    book: { kind: 'document', title: text('申请书'), seal: 'institution', template: 'book.docx', addressee: 'none' },
    'proof-of-service': {
      kind: 'document',
      title: text('送达回证'),
      numberRule: 'document.cma.service',
      seal: 'office',
      template: 'proof.docx',
      addressee: 'none',
    },
  },
} as unknown as CompiledFlow;

describe('documents', function () {
  this.timeout(60_000);
  let core: TestCore;
  let clocks: Clocks;
  let documents: Documents;
  let serving: Serving;
  let given: { caseId: string; release: Release; institutionId: string };
  let row: CaseRow;
  let who: Who | null;
  let url: string;
  let stop: () => void;
  const releases = new Map<string, Release>();
  const sealed: string[] = [];

  before(async () => {
    core = await openTestCore();
    const audit = createAudit(core);
    const incidents = createIncidents(core);
    const messages = createMessages(core);
    const release = async (id: string) => releases.get(id)!;
    const forms = {
      read: async () => ({ data: { name: '黔测检测有限公司', address: '花果园 1 号', legal: 'enterprise' } }),
      rows: async (_: string, form: string) =>
        form === 'application'
          ? ['pH', '浊度'].map((parameter, i) => ({ rowId: `r${i}`, position: i, data: { parameter } }))
          : [
              { rowId: 'r0', position: 0, data: { outcome: 'approved' } },
              { rowId: 'r1', position: 1, data: { outcome: 'notApproved', reason: '无设备' } },
            ],
    };
    const { calendar } = createCalendar(core, { audit, incidents, loaded: async () => {} });
    await core.db.transaction((trx) => calendar.seed(trx));
    clocks = createClocks(core, {
      calendar,
      audit,
      messages,
      incidents,
      release,
      forms,
      commands: { add: () => Promise.reject(new Error('no timer here')) },
    });
    const made = createDocuments(core, {
      audit,
      messages,
      clocks,
      release,
      forms,
      numbers: await createNumbers(core),
      template: async (_, path) => Buffer.from(path),
      fill: async (template, data) => Buffer.from(JSON.stringify({ template: String(template), data })),
      pdf: async (docx) => docx,
      seal: async (pdf, { owner, name }) => {
        sealed.push(`${Object.values(owner)[0]} ${name}`);
        return Buffer.concat([pdf, Buffer.from('sealed')]);
      },
      mayReadCase: async (person, c) =>
        person.kind === 'staff' || person.institutions.some(({ id }) => id === c.institution_id),
    });
    ({ documents, serving } = made);
    const app = express();
    const router = express.Router();
    mount(router, made.routes, core, async () => who);
    app.use(router);
    app.use(((error, _req, res, _next) => res.status(error.status ?? 500).json(error)) as express.ErrorRequestHandler);
    const server = app.listen(0);
    stop = () => server.close();
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  after(async () => {
    stop();
    await core.close();
  });

  beforeEach(async () => {
    core.at('2026-11-02T10:00:00+08:00');
    given = await addCase(core, { package: flow, receivedAt: '2026-11-02T09:00:00+08:00' });
    releases.set(given.release.id, given.release);
    row = await core.db('case').where({ id: given.caseId }).first();
    await core
      .db('office')
      .where({ code: '5201' })
      .update({ profile: { code: '筑市监', address: '贵阳市' } });
    sealed.length = 0;
  });

  const of = (kind: string, visit = 1): DocumentOf => ({
    case: row,
    release: given.release,
    step: 'notify',
    visit,
    kind,
  });
  async function make(kind: string, ref: string, visit = 1) {
    const reserved = await core.db.transaction((trx) => documents.reserve(trx, of(kind, visit), ref, 'replace'));
    const made = await documents.make(of(kind, visit), reserved);
    await core.db.transaction((trx) => documents.finish(trx, of(kind, visit), reserved, made, 'replace'));
    return { ...reserved, ...made };
  }
  const serve = async (kind: string) => {
    const document = (await documents.current(given.caseId, kind))!;
    await core.db.transaction((trx) => serving.serve(trx, of(kind), document));
    return document;
  };
  const applicant = (): Who => ({
    personId: '00000000-0000-4000-8000-00000000000a',
    name: '赵喆',
    login: 'zhao',
    kind: 'applicant',
    grants: [],
    institutions: [{ register: 'institution', id: given.institutionId, name: '黔测检测有限公司', uscc: '' }],
  });
  const officer = (): Who => ({ ...applicant(), kind: 'staff', name: '田沐辰', institutions: [] });
  const get = async (path: string, person: Who | null) => {
    who = person;
    return fetch(url + path, { headers: { 'user-agent': 'test' } });
  };

  it('numbers, fills, seals and files a document [CMA-4.3 PLT-6.1 PLT-6.2]', async () => {
    await core.db('decision').insert({
      task_id: `t${given.caseId}`,
      case_id: given.caseId,
      step: 'acceptance',
      outcome: 'supplement',
      opinion: '材料不全',
      detail: { pins: [{ path: 'materials/manual', item: '质量手册', reason: '缺第 4 章', clause: '2.12.1' }] },
      state: 'done',
      decided_at: core.time.now(),
    });
    const { number, data } = await make('notice', `a${given.caseId}`);
    assert.match(number!, /^筑市监检补〔2026〕\d+号$/);
    assert.deepEqual(data.doc, { number, date: '2026年11月2日', title: '补正通知书' });
    assert.deepEqual(data.missing, [{ item: '质量手册', reason: '缺第 4 章' }]);
    assert.deepEqual(data.findings, [{ clause: '2.12.1', fact: '质量手册', requirement: '缺第 4 章' }]);
    assert.deepEqual(data.form, { name: '黔测检测有限公司', address: '花果园 1 号', legal: '企业' });
    assert.deepEqual(data.approved, { capabilities: [{ parameter: 'pH', reason: '' }] });
    assert.deepEqual(data.refused, [{ table: 'capabilities', parameter: '浊度', reason: '无设备' }]);
    assert.deepEqual(data.deadlines, { reply: { limit: '20个工作日', dueOn: '' } });
    assert.deepEqual([data.opinion, data.case.receivedOn, data.office.code], ['材料不全', '2026年11月2日', '筑市监']);
    assert.deepEqual(sealed, ['5201 贵阳市市场监督管理局']);
    const [shown] = await documents.list(given.caseId);
    assert.deepEqual([shown.state, shown.signed, shown.number, shown.service], ['sealed', true, number, null]);
    const stored = await core.db('document').where({ id: shown.id }).first();
    assert.match((await core.files.get(stored.signed_hash)).toString(), /sealed$/);
    assert.equal((await core.db('number').where({ text: number }).first()).state, 'used');
  });

  it('makes one document of a work that is delivered again [PLT-12.1]', async () => {
    const reserved = await core.db.transaction((trx) => documents.reserve(trx, of('notice'), `b${given.caseId}`));
    const again = await core.db.transaction((trx) => documents.reserve(trx, of('notice'), `b${given.caseId}`));
    assert.deepEqual(again, reserved);
    const made = await documents.make(of('notice'), reserved);
    for (const _ of [1, 2]) await core.db.transaction((trx) => documents.finish(trx, of('notice'), reserved, made));
    assert.equal((await core.db('audit').where({ case_id: given.caseId })).length, 1);
  });

  it('supersedes the document of an earlier visit, and makes void what that visit left unfinished [PLT-6.1]', async () => {
    await make('notice', `c1${given.caseId}`, 1);
    const left = await core.db.transaction((trx) => documents.reserve(trx, of('notice', 2), `c2${given.caseId}`));
    await make('notice', `c3${given.caseId}`, 3);
    const rows = await core.db('document').where({ case_id: given.caseId }).orderBy('visit');
    assert.deepEqual(
      rows.map(({ state, version }) => `${state} ${version}`),
      ['superseded 1', 'void 2', 'sealed 2'],
    );
    assert.equal(rows[0].superseded_by, rows[2].id);
    assert.equal((await core.db('number').where({ text: left.number }).first()).state, 'void');
  });

  it('is served when the addressee opens it, with proof and clock; looking at it by others is not [PLT-6.1 CMA-4.3]', async () => {
    await make('notice', `d${given.caseId}`);
    const document = await serve('notice');
    await serve('notice');
    const messages = await core.db('message').where({ case_id: given.caseId });
    assert.deepEqual(
      messages.map(({ institution_id, link }) => [institution_id, link]),
      [[given.institutionId, `/cases/${given.caseId}?document=${document.id}`]],
    );
    assert.equal((await get(`/documents/${document.id}/preview`, officer())).status, 200);
    assert.equal((await core.db('service').where({ document_id: document.id }).first()).served_at, null);

    core.at('2026-11-05T15:30:00+08:00');
    const answer = await get(`/documents/${document.id}/file`, applicant());
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    core.at('2026-11-06T15:30:00+08:00');
    await get(`/documents/${document.id}/file`, applicant());
    const service = await core.db('service').where({ document_id: document.id }).first();
    assert.equal(service.served_at.toISOString(), '2026-11-05T07:30:00.000Z');
    assert.deepEqual(
      [service.proof.name, service.proof.agent, service.proof.hash],
      ['赵喆', 'test', document.signed_hash],
    );
    const [clock] = await clocks.view(given.caseId);
    assert.deepEqual([clock.id, clock.used, clock.dueOn], ['reply', 1, '2026-12-03']);

    await serving.tick();
    await serving.tick();
    const proof = await core.db('document').where({ case_id: given.caseId, kind: 'proof-of-service' });
    assert.equal(proof.length, 1);
    const data: TemplateData = proof[0].data;
    assert.equal(data.service!.servedAt, '2026年11月5日15:30');
    assert.equal(data.service!.receiver, '赵喆');
    const lines = (await core.db('audit').where({ case_id: given.caseId }).orderBy('id')).map(({ action }) => action);
    assert.deepEqual(lines, ['document.sealed', 'document.sent', 'clock.start', 'document.opened', 'document.sealed']);
  });

  it('counts as served after the days of the setting when nobody opens it [PLT-6.1]', async () => {
    await make('notice', `e${given.caseId}`);
    const document = await serve('notice');
    core.at('2026-11-16T10:00:00+08:00');
    await serving.tick();
    assert.equal((await core.db('document').where({ id: document.id }).first()).state, 'sealed');
    core.at('2026-11-17T10:00:00+08:00');
    await serving.tick();
    const service = await core.db('service').where({ document_id: document.id }).first();
    assert.equal(service.served_at.toISOString(), '2026-11-17T02:00:00.000Z');
    assert.equal(service.proof.deemed, true);
    assert.equal((await core.db('document').where({ id: document.id }).first()).state, 'served');
  });

  it('shows an applicant only what was sent and the own book, strangers nothing [PLT-7.3]', async () => {
    const notice = await make('notice', `f${given.caseId}`);
    const book = await core.db.transaction((trx) =>
      documents.file(trx, of('book'), { ref: `book:${given.caseId}`, number: null, signedHash: notice.signedHash! }),
    );
    assert.deepEqual(
      (await documents.list(given.caseId, applicant())).map(({ id }) => id),
      [book],
    );
    assert.equal((await documents.list(given.caseId, officer())).length, 2);
    assert.equal((await get(`/documents/${notice.id}/file`, applicant())).status, 404);
    assert.equal((await get(`/documents/${book}/file`, applicant())).status, 200);
    assert.equal((await get(`/documents/${book}/file`, { ...applicant(), institutions: [] })).status, 404);
    assert.equal((await get(`/documents/${book}/preview`, null)).status, 401);
    assert.equal((await get('/documents/no-id/preview', officer())).status, 400);
  });

  it('renders a book before there is a case, sealed by the institution on demand [CMA-3.8 CMA-3.9]', async () => {
    await core.db('office').where({ code: '52' }).update({ profile: {} });
    const plain = JSON.parse((await documents.render(given.release, 'book', { owner: given.caseId })).toString());
    assert.equal(plain.template, 'book.docx');
    assert.deepEqual(plain.data.tables.capabilities, [{ parameter: 'pH' }, { parameter: '浊度' }]);
    assert.equal(plain.data.case.number, '');
    const seal = { institution: given.institutionId, name: '黔测检测有限公司' };
    await documents.render(given.release, 'book', { owner: given.caseId, seal });
    assert.deepEqual(sealed, [`${given.institutionId} 黔测检测有限公司`]);
  });
});
