import assert from 'node:assert/strict';
import { createAudit } from '../audit/index.ts';
import { openDatabase } from '../core/index.ts';
import { addCase } from '../core/testing.ts';
import type { Browser } from '../identity/testing.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { createPublication, type NewPublication, type Publications } from './index.ts';

const LISTS = [
  { id: 'announcements', zh: '公告', en: 'Announcements' },
  { id: 'results', zh: '许可结果', en: 'Licensing results' },
];

describe('publication', function () {
  this.timeout(20_000);
  let world: TestOrganisation;
  let publications: Publications;
  let close: () => Promise<void>;
  let anybody: Browser;
  let caseId: string;
  let count = 0;
  before(async () => {
    world = await openTestOrganisation(({ core }) => {
      const made = createPublication(core, {
        ...{ audit: createAudit(core), lists: LISTS, databaseUrl: core.database.runUrl },
      });
      ({ publications, close } = made);
      return made.routes;
    });
    anybody = world.site.browser();
    ({ caseId } = await addCase(world.core, { package: {}, receivedAt: '2026-11-20T10:00:00+08:00' }));
  });
  after(async () => {
    await close();
    await world.close();
  });

  const publish = (entry: Partial<NewPublication>) =>
    world.core.db.transaction(async (trx) => {
      const row = await trx('case').where({ id: caseId }).first();
      const place = { case: row, step: `publish${(count += 1)}`, visit: 1, thread: '' };
      return publications.publish(trx, place, { list: 'results', title: '标题', fields: [], ...entry });
    });
  type Row = { id: string; title: string };
  const list = async (query: string) => {
    const { body } = await anybody.send('GET', `/public/publications?${query}`);
    return { titles: (body.rows as Row[]).map(({ title }) => title), next: body.next as string | null };
  };

  it('shows everybody the entries of a list, newest first, page by page, found by their words [PLT-6.1]', async () => {
    for (let i = 1; i <= 45; i += 1) await publish({ title: `第${i}号结果` });
    await publish({ list: 'announcements', title: '召回公告', fields: [{ label: '产品', value: '电热水壶' }] });
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page = await list(`list=results${next && `&after=${next}`}`);
      seen.push(...page.titles);
      next = page.next;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 45 }, (_, i) => `第${45 - i}号结果`),
    );
    assert.deepEqual((await list(`q=${encodeURIComponent('热水壶 召回')}`)).titles, ['召回公告']);
    assert.deepEqual((await list(`list=results&q=${encodeURIComponent('热水壶')}`)).titles, []);
    assert.equal((await anybody.send('GET', '/public/publications?after=x')).status, 400);
  });

  it('shows one entry with its document, until it is withdrawn by a head of the office with a reason [PLT-6.1]', async () => {
    const { hash } = await world.core.files.put(Buffer.from('%PDF-1.7'));
    const id = await publish({ title: '决定', document: { title: '决定书', hash } });
    const { body } = await anybody.send('GET', `/public/publications/${id}`);
    assert.deepEqual([body.title, body.list], ['决定', LISTS[1]]);
    const file = await anybody.send('GET', `/public/publications/${id}/document`);
    assert.equal(file.headers.get('content-type'), 'application/pdf');

    await world.person('leader', { office: '5201', grants: [['admin', '5201', 'own']] });
    await world.person('elsewhere', { office: '5203', grants: [['admin', '5203', 'tree']] });
    const [head, stranger] = [await world.signIn('leader'), await world.signIn('elsewhere')];
    const path = `/publications/${id}/withdraw`;
    assert.equal((await stranger.send('POST', path, { reason: '有误' })).status, 404);
    assert.equal((await head.send('POST', path, { reason: ' ' })).status, 400);
    assert.equal((await head.send('POST', path, { reason: '内容有误' })).status, 200);
    assert.equal((await head.send('POST', path, { reason: '再撤' })).status, 404);
    assert.equal((await anybody.send('GET', `/public/publications/${id}`)).status, 404);
    assert.equal((await anybody.send('GET', `/public/publications/${id}/document`)).status, 404);
    const [mine] = (await head.send('GET', '/publications')).body.rows as unknown as Record<string, never>[];
    assert.deepEqual([mine!.state, (mine!.withdrawal as { reason: string }).reason], ['withdrawn', '内容有误']);
    assert.deepEqual((await stranger.send('GET', '/publications')).body.rows, []);
  });

  it('is read by a role that sees what is public and nothing behind it [PLT-12.7]', async () => {
    const db = openDatabase(world.core.database.runUrl);
    const asPublic = (sql: string) =>
      db.transaction(async (trx) => {
        await trx.raw('set local role app_public');
        await trx.raw(sql);
      });
    await asPublic('select title from published');
    for (const sql of ['select * from publication', 'select case_id from published', 'delete from published'])
      await assert.rejects(asPublic(sql), sql);
    await db.destroy();
  });
});
