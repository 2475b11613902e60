import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CaseView, CertificateCard, PublicCertificate } from '../../../contracts/api/index.ts';
import { openBrowser, type Browser } from '../identity/testing.ts';
import { openWorld, type World } from '../main/world.ts';

const NUMBER = '262400140001';
const TOKEN = 'ABCDEFGHJK';
const GROUND = '监督检查发现不再符合资质认定条件';
const ARTICLE = '《中华人民共和国行政许可法》第六十九条';

describe('life of a certificate', function () {
  this.timeout(120_000);
  let world: World;
  let certificate: string;
  let caseId: string;
  let decider: Browser;
  let leader: Browser;
  let clerk: Browser;
  let holder: Browser;
  const anybody = () => openBrowser(world.url);

  before(async () => {
    world = await openWorld({ at: new Date('2026-11-21T10:00:00+08:00') });
    ({ certificate, caseId } = await issue());
    [decider, leader, clerk, holder] = (await Promise.all(['决定岗', '省局领导', '受理岗', '申请人'].map(signIn))) as [
      Browser,
      Browser,
      Browser,
      Browser,
    ];
  });
  after(() => world.close());

  async function signIn(name: string): Promise<Browser> {
    const browser = openBrowser(world.url);
    assert.equal((await browser.send('POST', '/session', world.people[name])).status, 200);
    return browser;
  }

  /** A certificate that a closed case of the province gave. */
  async function issue(): Promise<{ certificate: string; caseId: string }> {
    const { db, files } = world.core;
    const release = await world.app.flows.current('cma-initial');
    const subject = await db('institution').first();
    const starter = await db('account').where({ login: 'shenqing' }).first('person_id');
    const at = world.time.now();
    const [row] = await db('case')
      .insert({
        id: randomUUID(),
        number: 'CMA-2026-09999',
        flow: 'cma-initial',
        release_id: release.id,
        title: '首次申请',
        subject_register: 'institution',
        subject_id: subject.id,
        subject_name: subject.name,
        office: '52',
        starter: starter.person_id,
        institution_id: subject.id,
        state: 'closed',
        received_at: at,
        closed_at: at,
      })
      .returning('id');
    const { hash } = await files.put(Buffer.from('%PDF-1.7'));
    const data = {
      kind: 'cma',
      kindTitle: '检验检测机构资质认定证书',
      number: NUMBER,
      version: 1,
      holder: { name: subject.name, uscc: subject.uscc, address: subject.address },
      authority: '贵州省市场监督管理局',
      issuedOn: '2026-11-21',
      validFrom: '2026-11-21',
      validTo: '2032-11-20',
      annexes: [],
    };
    const [{ id }] = await db('certificate')
      .insert({
        number: NUMBER,
        version: 1,
        kind: 'cma',
        institution_id: subject.id,
        holder_name: subject.name,
        holder_uscc: subject.uscc,
        case_id: row.id,
        data,
        digest: 'd',
        token: TOKEN,
        file_hash: hash,
        state: 'valid',
        valid_from: '2026-11-21',
        valid_to: '2032-11-20',
        issued_at: at,
      })
      .returning('id');
    await db('certificate_event').insert({ certificate_id: id, kind: 'issued', at, case_id: row.id });
    const filed = { case_id: row.id, step: 'issueCertificate', kind: 'certificate', title: data.kindTitle };
    await db('document').insert({ ...filed, ref: `certificate:${id}`, state: 'sealed', file_hash: hash, made_at: at });
    return { certificate: id, caseId: row.id };
  }

  const card = async (browser: Browser) =>
    (await browser.send('GET', `/certificates/${certificate}`)).body as unknown as CertificateCard;
  const page = async () =>
    (await anybody().send('GET', `/public/v/${NUMBER}/1/${TOKEN}`)).body as unknown as PublicCertificate;
  const change = async (browser: Browser, body: object, edits?: number) =>
    browser.send('POST', `/certificates/${certificate}/changes`, {
      ground: GROUND,
      article: ARTICLE,
      edits: edits ?? (await card(browser)).edits,
      ...body,
    });

  it('shows the card to those whom it concerns, with what each may do [CMA-4.4 PLT-7.3]', async () => {
    const offered = async (browser: Browser) => (await card(browser)).actions.map((a) => [a.change, a.enabled]);
    assert.deepEqual(await offered(decider), [
      ['suspend', true],
      ['revoke', true],
      ['forfeit', true],
      ['recall', true],
      ['cancel', true],
    ]);
    assert.deepEqual([...new Set((await offered(clerk)).map(([, enabled]) => enabled))], [false]);
    assert.deepEqual(await offered(holder), []);
    assert.equal((await (await signIn('生产企业')).send('GET', `/certificates/${certificate}`)).status, 404);
    const refused = await change(clerk, { change: 'suspend' });
    assert.deepEqual([refused.status, refused.body.code], [403, 'not-allowed']);
  });

  it('suspends to a day: page, history, served decision, message; names what is wrong [PLT-6.4]', async () => {
    const wrong = await change(decider, { change: 'suspend', until: '2026-11-20' });
    assert.deepEqual(
      (wrong.body.fields as { path: string }[]).map(({ path }) => path),
      ['until'],
    );
    assert.equal((await change(decider, { change: 'suspend', ground: ' ' })).body.code, 'invalid');
    assert.equal((await change(decider, { change: 'suspend', until: '2027-01-20' })).status, 200);

    const shown = await page();
    assert.deepEqual([shown.state, shown.stateTitle.zh, shown.suspendedUntil], ['suspended', '已暂停', '2027-01-20']);
    assert.deepEqual(
      shown.history.map(({ zh, ground, basis }) => [zh, ground, basis]),
      [
        ['颁发', null, null],
        ['暂停', GROUND, ARTICLE],
      ],
    );
    const [event] = (await card(decider)).events;
    assert.equal(event!.person, '杨书禾');
    assert.match(event!.document!.number!, /^黔市监检证〔2026〕1号$/);
    assert.equal((await holder.send('GET', event!.document!.href.replace('/api/v1', ''))).status, 200);
    const { rows } = (await holder.send('GET', '/messages')).body as unknown as { rows: { title: string }[] };
    assert.ok(rows.some(({ title }) => title === `证书 ${NUMBER} 已暂停`));
    const { body } = await decider.send('GET', `/cases/${caseId}/timeline`);
    assert.match(JSON.stringify(body), /暂停证书/);
  });

  it('lets one of two win and tells the other [PLT-12.1]', async () => {
    const { edits } = await card(decider);
    assert.equal((await change(leader, { change: 'resume', ground: '整改完成' }, edits)).status, 200);
    const late = await change(decider, { change: 'revoke' }, edits);
    assert.deepEqual([late.status, late.body.code], [409, 'certificate-changed']);
    assert.equal(late.body.facts['by'], '陆承安');
    assert.equal((await page()).state, 'valid');
    assert.equal((await change(decider, { change: 'resume' })).body.code, 'certificate-state');
  });

  it('waits for a second person where the setting asks for one, then revokes for good [PLT-6.4]', async () => {
    await world.core
      .db('setting')
      .insert({ key: 'certificates.four-eyes', value: 'true', changed_at: world.time.now() });
    assert.deepEqual((await change(decider, { change: 'revoke' })).body, { done: false });
    assert.equal((await page()).state, 'valid');
    const { proposal, actions } = await card(decider);
    assert.deepEqual([proposal!.confirm.enabled, actions.some(({ enabled }) => enabled)], [false, false]);
    const path = `/certificates/${certificate}/changes/${proposal!.id}`;
    assert.equal((await decider.send('POST', `${path}/confirm`)).body.code, 'same-eyes');
    assert.equal((await leader.send('POST', `${path}/refuse`, { reason: '事实还要查' })).status, 200);
    assert.equal((await leader.send('POST', `${path}/confirm`)).body.code, 'certificate-changed');
    await change(decider, { change: 'revoke' });
    const again = (await card(leader)).proposal!;
    const both = await Promise.all(
      [1, 2].map(() => leader.send('POST', `/certificates/${certificate}/changes/${again.id}/confirm`)),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
    assert.deepEqual([(await page()).state, (await card(leader)).actions], ['revoked', []]);
    const numbers = await world.core.db('number').where({ rule: 'document.cma.certificate-change' }).pluck('state');
    assert.ok(
      numbers.every((state) => state === 'used' || state === 'void'),
      String(numbers),
    );
  });

  it('is opened where opening serves it, as long as it is not served on its holder [PLT-2.7, PLT-7.3]', async () => {
    const { db } = world.core;
    const at = world.time.now();
    const sent = { case_id: caseId, ref: `certificate:${certificate}` };
    const [{ id }] = await db('document').where(sent).update({ number: NUMBER }).returning('id');
    const { institution_id } = await db('case').where({ id: caseId }).first('institution_id');
    await db('service').insert({
      ...{ document_id: id, case_id: caseId, addressee: '持证机构', addressee_key: 'applicant', institution_id },
      ...{ way: 'electronic', state: 'sent', sent_at: at },
    });
    const file = (browser: Browser) => browser.send('GET', `/certificates/${certificate}/file`);
    const ofCase = async (browser: Browser) => {
      const { body } = await browser.send('GET', `/cases/${caseId}`);
      return (body as unknown as CaseView).certificates.map(({ unopened }) => unopened);
    };
    assert.deepEqual([(await card(holder)).unopened, await ofCase(holder)], [id, [id]]);
    assert.deepEqual([(await card(decider)).unopened, await ofCase(decider)], [null, [null]]);
    const early = await file(holder);
    assert.deepEqual([early.status, early.body.code], [409, 'certificate-not-opened']);
    assert.equal((await file(decider)).status, 200);
    assert.equal((await holder.send('GET', `/documents/${id}/file`)).status, 200);
    assert.deepEqual([(await card(holder)).unopened, (await file(holder)).status], [null, 200]);
  });
});
