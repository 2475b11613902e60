import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { PaperRow } from '../../../contracts/api/index.ts';
import type { Browser } from '../identity/testing.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { paperRoutes } from './index.ts';

const NOW = new Date('2026-11-21T02:00:00Z');

describe('certificates and documents of an applicant', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  let me: Browser;
  let other: Browser;
  let clerk: Browser;
  let institution: string;
  let caseId: string;

  before(async () => {
    world = await openTestOrganisation(({ core }) => paperRoutes(core));
    world.core.at(NOW.toISOString());
    const mine = await world.person('mine', { office: null });
    await world.person('other', { office: null });
    await world.person('clerk');
    institution = await one('institution', { name: '某机构', uscc: randomUUID(), updated_at: NOW });
    await world.core.db.transaction((trx) =>
      world.organisation.represent(
        trx,
        { personId: mine, register: 'institution', entry: institution },
        { personId: null },
      ),
    );
    [me, other, clerk] = [await world.signIn('mine'), await world.signIn('other'), await world.signIn('clerk')];
    caseId = await theCase(mine);
  });
  after(() => world.close());

  const one = async (table: string, row: object): Promise<string> =>
    (await world.core.db(table).insert(row).returning('id'))[0].id;

  async function theCase(starter: string): Promise<string> {
    const release_id = await one('release', {
      ...{ flow: 'f', version: 1, definition_id: '', deployment_id: '', hash: '' },
      ...{ package: {}, released_at: NOW },
    });
    return one('case', {
      ...{
        id: randomUUID(),
        number: 'F-2026-1',
        flow: 'f',
        release_id,
        title: '某机构首次申请',
        office: '52',
        starter,
      },
      ...{ subject_name: '某机构', subject_register: 'institution', subject_id: institution },
      ...{ institution_id: institution, state: 'running', received_at: NOW },
    });
  }
  async function document(
    title: string,
    {
      servedAt,
      key = 'applicant',
      number = `${title}〔2026〕1 号`,
    }: { servedAt: string | null; key?: string; number?: string },
  ) {
    const id = await one('document', {
      ...{ case_id: caseId, step: 's', kind: 'notice', title, number },
      ...{ state: 'sealed', made_at: NOW },
    });
    await one('service', {
      ...{ document_id: id, case_id: caseId, addressee: '某机构', addressee_key: key, way: 'electronic' },
      ...{ institution_id: key === 'applicant' ? institution : null, sent_at: NOW, served_at: servedAt },
    });
    return id;
  }
  const certificate = (number: string, more: object) =>
    one('certificate', {
      ...{ number, version: 1, kind: 'cma', institution_id: institution, holder_name: '某机构', holder_uscc: 'x' },
      ...{ data: { kindTitle: '资质认定证书' }, digest: '', token: number, state: 'valid', case_id: caseId },
      ...{ valid_from: '2020-11-01', valid_to: '2032-10-31', issued_at: new Date('2026-11-01T02:00:00Z'), ...more },
    });
  const list = async (who: Browser, query = '') => (await who.send('GET', `/papers${query}`)).body as unknown as Page;
  interface Page {
    rows: PaperRow[];
    next: string | null;
  }
  const titles = ({ rows }: Page) => rows.map(({ title, number }) => `${title} ${number}`);

  it('are listed newest first, certificates as they stand today [PLT-2.7]', async () => {
    await document('受理通知书', { servedAt: '2026-11-20T02:00:00Z' });
    await certificate('262400000001', { valid_to: '2026-11-20' });
    const { rows } = await list(me);
    assert.deepEqual(
      rows.map(({ kind, title, state, case: of }) => [kind, title, state, of?.number]),
      [
        ['document', '受理通知书', null, 'F-2026-1'],
        ['certificate', '资质认定证书', 'expired', 'F-2026-1'],
      ],
    );
    assert.match(rows[0]!.href, /^\/api\/v1\/documents\/.+\/file$/);
    assert.equal(rows[1]!.publicHref, '/v/262400000001/1/262400000001');
  });

  it('hold nothing that is not served or not issued, and nothing that is for others [PLT-2.7 PLT-7.3]', async () => {
    await document('没有送达', { servedAt: null });
    await document('公告未满', { servedAt: '2026-12-20T16:00:00Z' });
    await document('给别人的', { servedAt: '2026-11-20T02:00:00Z', key: 'name:别人' });
    await certificate('262400000002', { state: 'reserved', issued_at: null });
    const served = await document('资质认定证书', { servedAt: null, number: '262400000003' });
    await certificate('262400000003', { issued_at: new Date('2026-11-02T02:00:00Z') });
    assert.equal((await list(me)).rows.length, 2);
    await world.core.db('service').where({ document_id: served }).update({ served_at: NOW });
    assert.deepEqual(titles(await list(me, '?q=262400000003')), ['资质认定证书 262400000003']);
    assert.deepEqual(await list(other), { rows: [], next: null });
    assert.equal((await clerk.send('GET', '/papers')).status, 403);
  });

  it('are found by words and kind, page by page [PLT-2.7]', async () => {
    assert.deepEqual(titles(await list(me, '?q=受理 f-2026')), ['受理通知书 受理通知书〔2026〕1 号']);
    assert.deepEqual(titles(await list(me, '?kind=certificate')), [
      '资质认定证书 262400000003',
      '资质认定证书 262400000001',
    ]);
    assert.deepEqual(titles(await list(me, '?q=没有')), []);
    const first = await list(me, '?limit=1');
    const second = await list(me, `?limit=2&after=${first.next}`);
    assert.deepEqual([...titles(first), ...titles(second)], titles(await list(me)));
    assert.equal(second.next, null);
    assert.equal((await me.send('GET', '/papers?after=x')).status, 400);
  });
});
