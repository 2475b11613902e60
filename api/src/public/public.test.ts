import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Browser } from '../identity/testing.ts';
import { openDatabase } from '../core/index.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { createPublic } from './index.ts';

const NUMBER = '262400110001';
const PEM = '-----BEGIN CERTIFICATE-----\n';
const columns = [
  { id: 'object', title: '检测对象' },
  { id: 'standard', title: '依据标准' },
];
const annex = {
  id: 'capabilities:A',
  title: '批准的检验检测能力',
  columns,
  rows: Array.from({ length: 120 }, (_, i) => ({
    object: i % 2 ? `生活饮用水 ${i}` : `食品 ${i}`,
    standard: `GB/T 5750.${i}-2023`,
  })),
};

const noFlow = () => Promise.reject(new Error('certificates are of no flow'));

describe('public', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  let anybody: Browser;
  let close: () => Promise<void>;
  before(async () => {
    world = await openTestOrganisation(({ core }) => {
      const made = createPublic(core, {
        databaseUrl: core.database.runUrl,
        authorityPem: () => Promise.resolve(PEM),
        release: noFlow,
      });
      close = made.close;
      return made.routes;
    });
    anybody = world.site.browser();
    world.core.at('2026-11-21T02:00:00Z');
    await certificate(1, 'superseded');
    await certificate(2, 'valid');
  });
  after(async () => {
    await close();
    await world.close();
  });

  async function certificate(version: number, state: string, number = NUMBER): Promise<void> {
    const [{ id }] = await world.core
      .db('certificate')
      .insert({
        number,
        version,
        kind: 'cma',
        institution_id: randomUUID(),
        holder_name: '贵州岭砚环境检测有限公司',
        holder_uscc: '91520115MA0004171A',
        data: {
          kind: 'cma',
          kindTitle: '检验检测机构资质认定证书',
          number,
          version,
          holder: { name: '贵州岭砚环境检测有限公司', uscc: '91520115MA0004171A', address: '贵阳市' },
          authority: '贵州省市场监督管理局',
          issuedOn: '2026-11-21',
          validFrom: '2026-11-21',
          validTo: '2032-11-20',
          annexes: [annex],
        },
        digest: 'd1',
        token: `TOKEN0000${version}`,
        state,
        valid_from: '2026-11-21',
        valid_to: '2032-11-20',
        issued_at: '2026-11-21T02:00:00Z',
      })
      .returning('id');
    await world.core.db('certificate_event').insert({
      certificate_id: id,
      kind: 'issued',
      at: '2026-11-21T02:00:00Z',
      person_id: randomUUID(),
      detail: { note: 'inside' },
    });
  }
  const annexPath = (query: Record<string, string>) =>
    `/public/certificates/${NUMBER}/annexes/${encodeURIComponent(annex.id)}?${new URLSearchParams(query)}`;

  it('shows the last version of a number with its history and the head of its annexes [PLT-6.4]', async () => {
    const { status, body } = await anybody.send('GET', `/public/certificates/${NUMBER}`);
    assert.equal(status, 200);
    assert.deepEqual([body.version, body.state, body.current], [2, 'valid', null]);
    assert.deepEqual(body.stateTitle, { zh: '有效', en: 'Valid' });
    assert.deepEqual(
      (body.history as { zh: string }[]).map(({ zh }) => zh),
      ['颁发', '颁发'],
    );
    const [shown] = body.annexes as { rows: object[]; total: number }[] as [{ rows: object[]; total: number }];
    assert.deepEqual([shown.rows.length, shown.total, shown.rows[0]], [50, 120, annex.rows[0]]);
    assert.ok(!JSON.stringify(body).includes('inside'));
  });

  it('shows the version of a QR code, and where the last one is; a wrong code shows nothing [PLT-6.4]', async () => {
    const { body } = await anybody.send('GET', `/public/v/${NUMBER}/1/TOKEN00001`);
    assert.deepEqual([body.state, body.current], ['superseded', { version: 2, href: `/v/${NUMBER}/2/TOKEN00002` }]);
    assert.equal((await anybody.send('GET', `/public/v/${NUMBER}/1/TOKEN00002`)).body.code, 'not-found');
    assert.equal((await anybody.send('GET', `/public/v/${NUMBER}/3/TOKEN00002`)).status, 404);
    assert.equal((await anybody.send('GET', `/public/v/${NUMBER}/x/TOKEN00002`)).status, 400);
  });

  it('computes expiry from the day, the last day included [PLT-6.4]', async () => {
    const state = async () => (await anybody.send('GET', `/public/v/${NUMBER}/2/TOKEN00002`)).body.state;
    world.core.at('2032-11-20T15:59:00Z');
    assert.equal(await state(), 'valid');
    world.core.at('2032-11-20T16:00:00Z');
    assert.equal(await state(), 'expired');
    world.core.at('2026-11-21T02:00:00Z');
  });

  it('shows nothing of what was only reserved or is void [PLT-6.4]', async () => {
    await certificate(1, 'reserved', 'R1');
    await certificate(1, 'void', 'V1');
    assert.equal((await anybody.send('GET', '/public/certificates/R1')).status, 404);
    assert.equal((await anybody.send('GET', '/public/certificates/V1')).status, 404);
  });

  it('searches an annex by words, page by page [PLT-6.4, PLT-10.9]', async () => {
    const water = (await anybody.send('GET', annexPath({ q: '饮用水 gb/t' }))).body;
    assert.deepEqual([(water.rows as object[]).length, water.total], [50, 120]);
    const rest = (await anybody.send('GET', annexPath({ q: '饮用水 gb/t', after: String(water.next) }))).body;
    assert.deepEqual([(rest.rows as object[]).length, rest.next], [10, null]);
    const one = (await anybody.send('GET', annexPath({ q: '5750.7-' }))).body;
    assert.deepEqual(one.rows, [annex.rows[7]]);
    assert.deepEqual((await anybody.send('GET', annexPath({ q: '100%_' }))).body.rows, []);
    assert.equal((await anybody.send('GET', `/public/certificates/${NUMBER}/annexes/none`)).status, 404);
  });

  it('gives the certificate of the authority [PLT-6.5]', async () => {
    const { body, headers } = await anybody.send('GET', '/public/ca');
    assert.equal(body.text, PEM);
    assert.match(headers.get('content-type') ?? '', /x-pem-file/);
  });

  it('reads as a role that sees certificates and nothing of the office side [PLT-12.7]', async () => {
    const db = openDatabase(world.core.database.runUrl);
    const read = (sql: string) =>
      db.transaction(async (trx) => {
        await trx.raw('set local role app_public');
        await trx.raw(sql);
      });
    await read('select number, state, data from certificate');
    for (const sql of [
      'select * from office',
      'select * from person',
      'select * from account',
      'select * from session',
      'select * from "case"',
      'select * from audit',
      'select * from institution',
      'select case_id from certificate',
      'select person_id, detail from certificate_event',
      `update certificate set state = 'valid'`,
      'select * from engine.act_ru_task',
    ])
      await assert.rejects(read(sql), { code: '42501' }, sql);
    await db.destroy();
  });

  it('limits look-ups by number alone [PLT-12.6]', async () => {
    const answers = await Promise.all(
      Array.from({ length: 31 }, () => anybody.send('GET', '/public/certificates/unknown')),
    );
    assert.ok(answers.some(({ status }) => status === 429));
    assert.equal((await anybody.send('GET', `/public/v/${NUMBER}/2/TOKEN00002`)).status, 200);
  });
});
