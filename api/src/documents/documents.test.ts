import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { ReceivedDocument, UnopenedDocuments as Unopened } from '../../../contracts/api/index.ts';
import { Problem } from '../core/index.ts';
import type { Documents, ListDocuments, TemplateData } from './index.ts';
import { openDocuments, type DocumentsWorld } from './testing.ts';

describe('documents', function () {
  this.timeout(60_000);
  let world: DocumentsWorld;
  let core: DocumentsWorld['core'];
  let documents: Documents;
  let list: ListDocuments;
  let serving: DocumentsWorld['serving'];
  let clocks: DocumentsWorld['clocks'];
  let sealed: string[];
  let given: Awaited<ReturnType<DocumentsWorld['startCase']>>;

  before(async () => {
    world = await openDocuments();
    ({ core, documents, list, serving, clocks, sealed } = world);
  });
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));

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
    const { number, data } = await given.make('notice', `a${given.caseId}`);
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
    const [shown] = await list(given.caseId, given.officer);
    assert.deepEqual([shown.state, shown.signed, shown.number, shown.service], ['sealed', true, number, null]);
    const stored = await core.db('document').where({ id: shown.id }).first();
    assert.match((await core.files.get(stored.signed_hash)).toString(), /sealed$/);
    assert.equal((await core.db('number').where({ text: number }).first()).state, 'used');
  });

  it('is not made with a letter that its fonts lack: letter and field are named [PLT-6.1]', async () => {
    world.given.name = '黔𪚥检测有限公司';
    await assert.rejects(given.make('notice', `g${given.caseId}`), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.zh, /「名称」里的「𪚥」（U\+2A6A5）/);
      assert.deepEqual(
        error.fields.map(({ path }) => path),
        ['form/name'],
      );
      return true;
    });
    world.given.name = '黔面检测有限公司';
    assert.match((await given.make('notice', `g${given.caseId}`)).number!, /检补〔2026〕/);
    assert.equal((await core.db('document').where({ case_id: given.caseId })).length, 1);
  });

  it('makes one document of a work that is delivered again [PLT-12.1]', async () => {
    const reserved = await core.db.transaction((trx) => documents.reserve(trx, given.of('notice'), `b${given.caseId}`));
    const again = await core.db.transaction((trx) => documents.reserve(trx, given.of('notice'), `b${given.caseId}`));
    assert.deepEqual(again, reserved);
    const made = await documents.make(given.of('notice'), reserved);
    for (const _ of [1, 2])
      await core.db.transaction((trx) => documents.finish(trx, given.of('notice'), reserved, made));
    assert.equal((await core.db('audit').where({ case_id: given.caseId })).length, 1);
  });

  it('supersedes the document of an earlier visit, and makes void what that visit left unfinished [PLT-6.1]', async () => {
    await given.make('notice', `c1${given.caseId}`, 1);
    const left = await core.db.transaction((trx) => documents.reserve(trx, given.of('notice', 2), `c2${given.caseId}`));
    await given.make('notice', `c3${given.caseId}`, 3);
    const rows = await core.db('document').where({ case_id: given.caseId }).orderBy('visit');
    assert.deepEqual(
      rows.map(({ state, version }) => `${state} ${version}`),
      ['superseded 1', 'void 2', 'sealed 2'],
    );
    assert.equal(rows[0].superseded_by, rows[2].id);
    assert.equal((await core.db('number').where({ text: left.number }).first()).state, 'void');
  });

  it('is served when the addressee opens it, with proof and clock; looking at it by others is not [PLT-6.1 CMA-4.3]', async () => {
    await given.make('notice', `d${given.caseId}`);
    const document = await given.serve('notice');
    await given.serve('notice');
    const messages = await core.db('message').where({ case_id: given.caseId });
    assert.deepEqual(
      messages.map(({ institution_id, link }) => [institution_id, link]),
      [[given.institutionId, `/documents/${document.id}`]],
    );
    assert.equal((await world.get(`/documents/${document.id}/preview`, given.officer)).status, 200);
    assert.equal((await core.db('service').where({ document_id: document.id }).first()).served_at, null);

    core.at('2026-11-05T15:30:00+08:00');
    const answer = await world.get(`/documents/${document.id}/file`, given.applicant);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    core.at('2026-11-06T15:30:00+08:00');
    await world.get(`/documents/${document.id}/file`, given.applicant);
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

  it('is found unopened, with the moment from which it counts as served; reading about it opens nothing [PLT-2.7 PLT-6.1]', async () => {
    await given.make('notice', `u${given.caseId}`);
    const { id } = await given.serve('notice');
    const about = async (who = given.applicant) => world.get(`/documents/${id}`, who);
    const unopened = async () => {
      const { rows } = (await (await world.get('/unopened-documents', given.applicant)).json()) as z.infer<
        typeof Unopened
      >;
      return rows.filter((row) => row.id === id);
    };
    const sent = core.time.now().getTime();
    const [row] = await unopened();
    assert.deepEqual(
      [row!.addressee, row!.role, row!.servedAt, row!.deemedAt, row!.case?.id],
      ['黔测检测有限公司', 'addressee', null, new Date(sent + 15 * 86_400_000).toISOString(), given.caseId],
    );
    assert.deepEqual(await (await about()).json(), row);
    assert.equal((await about(given.officer)).status, 404, 'it was not sent to the officer');
    assert.equal((await core.db('service').where({ document_id: id }).first()).state, 'sent');
    await world.get(`/documents/${id}/file`, given.applicant);
    assert.deepEqual(await unopened(), []);
    const opened = (await (await about()).json()) as ReceivedDocument;
    assert.deepEqual([opened.servedAt, opened.deemedAt], [new Date(sent).toISOString(), null]);
  });

  it('counts as served after the days of the setting when nobody opens it [PLT-6.1]', async () => {
    await given.make('notice', `e${given.caseId}`);
    const document = await given.serve('notice');
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
    const notice = await given.make('notice', `f${given.caseId}`);
    const book = await core.db.transaction((trx) =>
      documents.file(trx, given.of('book'), {
        ref: `book:${given.caseId}`,
        number: null,
        signedHash: notice.signedHash!,
      }),
    );
    assert.deepEqual(
      (await list(given.caseId, given.applicant)).map(({ id }) => id),
      [book],
    );
    assert.equal((await list(given.caseId, given.officer)).length, 2);
    assert.equal((await world.get(`/documents/${notice.id}/file`, given.applicant)).status, 404);
    assert.equal((await world.get(`/documents/${book}/file`, given.applicant)).status, 200);
    assert.equal((await world.get(`/documents/${book}/file`, { ...given.applicant, institutions: [] })).status, 404);
    const beside = await world.get(`/documents/${book}/sm2`, given.applicant);
    assert.match(beside.headers.get('content-disposition')!, /\.sm2\.sig"/);
    assert.equal(await beside.text(), `SM2 over ${notice.signedHash}`);
    assert.equal((await world.get(`/documents/${notice.id}/sm2`, given.applicant)).status, 404);
    assert.equal((await world.get(`/documents/${book}/preview`, null)).status, 401);
    assert.equal((await world.get('/documents/no-id/preview', given.officer)).status, 400);
  });

  it('keeps a book that was sealed again in place of the earlier one [CMA-3.10]', async () => {
    const { signedHash } = await given.make('notice', `s${given.caseId}`);
    const file = (ref: string) =>
      core.db.transaction((trx) =>
        documents.file(trx, given.of('book'), { ref: `${ref}:${given.caseId}`, number: null, signedHash: signedHash! }),
      );
    const [first, second] = [await file('first'), await file('second')];
    assert.equal(await file('second'), second);
    const rows = await core.db('document').where({ case_id: given.caseId, kind: 'book' }).orderBy('version');
    assert.deepEqual(
      rows.map(({ id, state, superseded_by }) => [id, state, superseded_by]),
      [
        [first, 'superseded', second],
        [second, 'sealed', null],
      ],
    );
  });

  it('renders a book before there is a case, sealed by the institution on demand [CMA-3.8 CMA-3.9]', async () => {
    await core.db('office').where({ code: '52' }).update({ profile: {} });
    const plain = JSON.parse((await documents.render(given.release, 'book', { owner: given.caseId })).toString());
    assert.equal(plain.template, 'book.docx');
    assert.deepEqual(plain.data.tables.capabilities, [{ parameter: 'pH' }, { parameter: '浊度' }]);
    assert.equal(plain.data.case.number, '');
    assert.equal(plain.data.certificate, null);
    const seal = { institution: given.institutionId, name: '黔测检测有限公司' };
    await documents.render(given.release, 'book', { owner: given.caseId, seal });
    assert.deepEqual(sealed, [`${given.institutionId} 黔测检测有限公司`]);
  });

  it('names in the book of a draft the certificate that it is about [CMA-3.4 CMA-3.9]', async () => {
    const { institutionId: institution_id, release, row } = given;
    const [certificate] = await core
      .db('certificate')
      .insert({
        ...{ number: '242400140001', version: 1, state: 'valid', token: row.id, kind: 'cma', institution_id },
        ...{ holder_name: '黔测检测有限公司', holder_uscc: '91520115MA0004171A', data: {}, digest: '' },
        ...{ valid_from: '2024-11-21', valid_to: '2030-11-20' },
      })
      .returning('id');
    const [draft] = await core
      .db('draft')
      .insert({
        ...{ flow: row.flow, release_id: release.id, form: 'application', institution_id },
        ...{ person_id: row.starter, certificate_id: certificate.id },
        ...{ created_at: core.time.now(), updated_at: core.time.now() },
      })
      .returning('id');
    const { data } = JSON.parse((await documents.render(release, 'book', { owner: draft.id })).toString());
    assert.deepEqual(data.certificate, {
      number: '242400140001',
      validFrom: '2024年11月21日',
      validTo: '2030年11月20日',
      change: null,
    });
  });
});
