import assert from 'node:assert/strict';
import type { ServiceBody } from '../../../../contracts/api/index.ts';
import { openDocuments, type DocumentsWorld } from '../testing.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('service recorded by officers', function () {
  this.timeout(60_000);
  let world: DocumentsWorld;
  let given: Awaited<ReturnType<DocumentsWorld['startCase']>>;
  let document: { id: string };

  before(async () => {
    world = await openDocuments();
    await world.startCase();
    await world.core
      .db('office_ancestor')
      .insert({ office: '5201', ancestor: '52', distance: 1 })
      .onConflict()
      .ignore();
  });
  after(() => world.close());
  beforeEach(async () => (given = await world.startCase()));

  const make = async (kind = 'notice') => {
    await given.make(kind, `${kind}:${given.caseId}`);
    document = await given.serve(kind);
  };
  const services = async () =>
    (await world.list(given.caseId, given.officer)).find(({ id }) => id === document.id)!.services;
  const last = async () => (await services()).at(-1)!;
  const send = (service: string, body: ServiceBody, who = given.officer) =>
    world.post(`/services/${service}/attempts`, who, body);
  const end = (service: string, body: object) => world.post(`/services/${service}/end`, given.officer, body);
  const refused = async (answer: Response) => ((await answer.json()) as { fields: { path: string }[] }).fields[0].path;
  const post: ServiceBody = {
    way: 'post',
    sentOn: '2026-11-03',
    carrier: 'EMS',
    tracking: '1234567890123',
    address: '花果园 1 号',
  };
  /** The newest proof of service as it was printed. */
  const proof = async () => {
    await world.serving.tick();
    const made = await world.core
      .db('document')
      .where({ case_id: given.caseId, kind: 'proof-of-service', state: 'sealed' })
      .orderBy('number', 'desc');
    return made[0]?.data.service;
  };

  it('posts it, and what came back is served again; the period runs from the delivery [PLT-6.1]', async () => {
    await make();
    world.core.at('2026-11-10T10:00:00+08:00');
    assert.equal((await send((await last()).id, post)).status, 200);
    const first = await last();
    assert.deepEqual([first.way, first.state, first.tracking], ['post', 'sent', 'EMS 1234567890123']);
    assert.deepEqual(first.actions, ['deliver', 'return', 'send']);
    await end(first.id, { outcome: 'returned', at: '2026-11-06T10:00:00+08:00', reason: '查无此人' });
    assert.deepEqual([(await last()).state, (await last()).note], ['returned', '查无此人']);
    assert.equal(await proof(), undefined);

    await send(first.id, { ...post, sentOn: '2026-11-07', address: '花果园 2 号' });
    const second = await last();
    await end(second.id, { outcome: 'delivered', at: '2026-11-09T16:00:00+08:00', receiver: '李收发' });
    assert.deepEqual([(await last()).state, (await services()).length], ['served', 3]);
    const [clock] = await world.clocks.view(given.caseId);
    assert.deepEqual([clock.id, clock.used, clock.dueOn], ['reply', 1, '2026-12-07']);
    const printed = await proof();
    assert.deepEqual(
      [printed.way, printed.receiver, printed.place, printed.servedAt, printed.note],
      ['邮寄送达', '李收发', '花果园 2 号', '2026年11月9日16:00', 'EMS，邮件号 1234567890123'],
    );
    assert.equal((await send(second.id, post)).status, 409);
    assert.equal(
      (await end(second.id, { outcome: 'returned', at: '2026-11-09T16:00:00+08:00', reason: '退' })).status,
      409,
    );
  });

  it('hands it over, with the scanned receipt, or leaves it before witnesses [PLT-6.1]', async () => {
    await make();
    world.core.at('2026-11-04T10:00:00+08:00');
    const handed = {
      way: 'person',
      at: '2026-11-03T15:00:00+08:00',
      place: '政务大厅 8 号窗口',
      receiver: '赵喆',
      receipt: 'left',
    } as const;
    const { id } = await last();
    assert.equal(await refused(await send(id, handed)), 'witnesses');
    assert.equal(
      await refused(await send(id, { ...handed, receipt: 'signed', at: '2026-11-05T09:00:00+08:00' })),
      'at',
    );
    await send(id, { ...handed, receipt: 'signed' });
    const served = await last();
    assert.deepEqual([served.servedAt, served.actions], ['2026-11-03T07:00:00.000Z', ['evidence']]);
    assert.equal((await world.upload(`/services/${served.id}/evidence`, given.officer, '回证.exe', PNG)).status, 415);
    assert.equal((await world.upload(`/services/${served.id}/evidence`, given.officer, '回证.png', PNG)).status, 200);
    const seen = await world.get((await last()).evidence!.replace('/api/v1', ''), given.officer);
    assert.deepEqual(Buffer.from(await seen.arrayBuffer()), PNG);
    const printed = await proof();
    assert.deepEqual(
      [printed.way, printed.basis, printed.place, printed.receiver],
      ['直接送达', '《中华人民共和国民事诉讼法》第八十八条', '政务大厅 8 号窗口', '赵喆'],
    );
  });

  it('announces it: served when the days of the setting are over, also when that is recorded late [PLT-6.1 PLT-5.2]', async () => {
    await make();
    const announced: ServiceBody = {
      way: 'announcement',
      publishedOn: '2026-11-02',
      where: '贵州市场监管网',
      reason: '邮寄退回，无法联系',
    };
    await send((await last()).id, announced);
    assert.equal((await last()).dueAt, '2026-12-02T16:00:00.000Z');
    world.core.at('2026-12-02T23:59:00+08:00');
    await world.serving.tick();
    assert.equal((await last()).state, 'sent');
    world.core.at('2026-12-08T09:00:00+08:00');
    const printed = await proof();
    assert.equal((await last()).servedAt, '2026-12-02T16:00:00.000Z');
    assert.deepEqual([printed.way, printed.servedAt], ['公告送达', '2026年12月2日']);
    assert.match(printed.note, /2026年11月2日在贵州市场监管网公告，经过 30 日/);
    const [clock] = await world.clocks.view(given.caseId);
    assert.deepEqual([clock.used, clock.events[0].at], [4, '2026-12-02T16:00:00.000Z']);
  });

  it('serves each addressee by itself under one number and sends copies; copies start no period [PLT-6.1]', async () => {
    world.given.parties = [{ name: '某销售商行', address: '中华路 3 号' }];
    world.given.districts = ['5201'];
    await make('order');
    assert.deepEqual(
      (await services()).map(({ addressee, role, way, state }) => `${addressee} ${role} ${way} ${state}`),
      [
        '黔测检测有限公司 addressee electronic sent',
        '某销售商行 addressee null waiting',
        '贵州省市场监督管理局 copy electronic sent',
        '贵阳市市场监督管理局 copy electronic sent',
      ],
    );
    const province = given.officerAt('52');
    assert.equal((await world.get(`/documents/${document.id}/preview`, province)).status, 200);
    assert.equal((await world.get(`/documents/${document.id}/preview`, given.officerAt('5203'))).status, 404);
    await world.get(`/documents/${document.id}/file`, given.applicant);
    const state = async () => (await world.core.db('document').where({ id: document.id }).first()).state;
    assert.equal(await state(), 'sealed');
    const dealer = (await services())[1];
    assert.equal((await send(dealer.id, { way: 'electronic' })).status, 422);
    world.core.at('2026-11-05T10:00:00+08:00');
    await send(dealer.id, post);
    const posted = (await services()).find(({ addressee, state }) => addressee === '某销售商行' && state === 'sent')!;
    await end(posted.id, { outcome: 'delivered', at: '2026-11-04T10:00:00+08:00', receiver: '店主' });
    assert.equal(await state(), 'served');
    await world.serving.tick();
    assert.equal(
      (await world.core.db('document').where({ case_id: given.caseId, kind: 'proof-of-service' })).length,
      2,
    );
    const own = (await world.list(given.caseId, given.applicant)).find(({ id }) => id === document.id)!;
    assert.deepEqual(
      own.services.map(({ addressee }) => addressee),
      ['黔测检测有限公司'],
    );
  });

  it('tells the operator when a proof of service cannot be made, and makes it later [PLT-6.1 PLT-12.2]', async () => {
    await make();
    await world.get(`/documents/${document.id}/file`, given.applicant);
    const open = () => world.core.db('incident').where({ case_id: given.caseId, state: 'open' });
    world.given.broken = true;
    assert.equal(await proof(), undefined);
    assert.deepEqual((await open())[0].message, '送达回证没有做成：黔测检测有限公司');
    world.given.broken = false;
    assert.equal((await proof()).receiver, '赵喆');
    assert.equal((await open()).length, 0);
  });

  it('is for officers of the case’s office only [PLT-7.3]', async () => {
    await make();
    const { id } = await last();
    assert.equal((await send(id, post, given.applicant)).status, 404);
    assert.equal((await send(id, post, given.officerAt('5201', 'audit'))).status, 403);
    assert.equal((await send(id, post, given.officerAt('5203'))).status, 404);
    assert.deepEqual((await world.list(given.caseId, given.applicant))[0].services[0].actions, []);
  });
});
