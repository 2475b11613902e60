import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ArchivePage } from '../../../../../contracts/api/index.ts';
import { createArchive } from '../../../archive/index.ts';
import type { Who } from '../../../core/index.ts';
import { knownTopics } from '../../../main/known-topics.ts';
import { openTopics, type TopicCase, type TopicWorld } from '../testing.ts';

describe('archive', function () {
  this.timeout(60_000);
  let world: TopicWorld;
  let given: TopicCase;
  let who: Pick<Who, 'kind'>;
  let visible = true;
  before(async () => (world = await openTopics()));
  after(() => world.close());
  beforeEach(async () => {
    given = await world.startCase();
    [who, visible] = [{ kind: 'staff' }, true];
  });

  const routes = () =>
    createArchive(world.core, { release: async () => given.release, visible: async () => visible }).routes;

  async function page(after?: string): Promise<ArchivePage> {
    const { subject_id: subject } = await world.core.db('case').where({ id: given.caseId }).first('subject_id');
    const asked = { who, params: { register: 'institution', item: subject }, query: { after } };
    return routes()[0]!.handle(asked as never) as Promise<ArchivePage>;
  }

  async function download(file: string, hash: string): Promise<{ name: string; bytes: Buffer }> {
    const headers: Record<string, string> = {};
    let bytes: Buffer = Buffer.alloc(0);
    const res = {
      setHeader: (name: string, value: string) => void (headers[name] = value),
      end: (sent: Buffer) => void (bytes = sent),
    };
    await routes()[1]!.handle({ who, params: { file, hash }, res } as never);
    return { name: decodeURIComponent(headers['Content-Disposition']!.split("UTF-8''")[1]!), bytes };
  }
  const own = async () => (await page()).files.find(({ caseId }) => caseId === given.caseId)!;

  it('lists documents and materials with their hashes in the file of the subject [PLT-6.7 CMA-4.5 ARC-1]', async () => {
    const bytes = Buffer.from(`quality manual ${given.caseId}`);
    const { hash } = await world.core.files.put(bytes);
    const { id: item, title } = given.release.package.flow.materials[0]!;
    const about = { owner: given.caseId, item, name: '手册.pdf', size: bytes.length, type: 'application/pdf' };
    await world.core.db('material').insert({ ...about, file_hash: hash, version: 1, uploaded_at: '2026-11-20T01:00Z' });
    await given.work('generate-document', { document: 'acceptance-notice' });
    const output = await given.work('archive', {});
    const file = await own();
    assert.deepEqual(output, { archive_number: file.number });
    assert.deepEqual(
      file.items.map((one) => [one.kind, one.title]),
      [
        ['material', `${title.zh} 手册.pdf`],
        ['document', given.release.package.documents['acceptance-notice']!.title.zh],
      ],
    );
    assert.equal(file.items[0]!.hash, createHash('sha256').update(bytes).digest('hex'));
    assert.deepEqual(file.later, []);
    const manual = await download(file.id, hash);
    assert.deepEqual([manual.bytes, manual.name], [bytes, `${title.zh} 手册.pdf`]);
    await assert.rejects(download(file.id, 'f'.repeat(64)), { status: 404 });
    const [line] = await world.core.db('audit').where({ case_id: given.caseId, action: 'case.archived' });
    assert.equal(line.detail.number, file.number);
  });

  it('keeps its number when the case comes again; the list is made anew and the old one kept [ARC-1]', async () => {
    await given.work('generate-document', { document: 'acceptance-notice' });
    const first = await given.work('archive', {}, { id: `${given.caseId}-1` });
    await given.work('archive', {}, { id: `${given.caseId}-1` });
    await given.work('generate-document', { document: 'supplement-notice' });
    assert.deepEqual(await given.work('archive', {}), first);
    const file = await own();
    assert.deepEqual([file.version, file.items.length], [2, 2]);
    const kept = await world.core.db('archive_file').where({ case_id: given.caseId }).orderBy('version');
    assert.deepEqual(
      kept.map(({ superseded_at }) => superseded_at === null),
      [false, true],
    );
  });

  it('stays as it was; what comes after is shown apart [EXP-2.9]', async () => {
    await given.work('generate-document', { document: 'acceptance-notice' });
    await given.work('archive', {});
    await given.work('generate-document', { document: 'supplement-notice' });
    const file = await own();
    assert.deepEqual([file.items.length, file.later.length], [1, 1]);
    for (const change of [
      () => world.core.db('archive_item').update({ title: 'other' }),
      () => world.core.db('archive_item').delete(),
      () => world.core.db('archive_file').update({ number: 'other' }),
    ])
      await assert.rejects(change(), /permission denied/);
    const archive = createArchive(world.core, { release: async () => given.release, visible: async () => visible });
    const [document] = await world.core
      .db('archive_item')
      .where({ title: file.items[0]!.title })
      .orderBy('made_at', 'desc');
    await assert.rejects(archive.assertOpen(world.core.db, document.ref), { code: 'archived' });
  });

  it('is shown and handed out to entitled staff only [PLT-6.7 PLT-7.3]', async () => {
    await given.work('generate-document', { document: 'acceptance-notice' });
    await given.work('archive', {});
    const { id, items } = await own();
    const nothing = async () => {
      await assert.rejects(page(), { status: 404 });
      await assert.rejects(download(id, items[0]!.hash), { status: 404 });
    };
    assert.match((await download(id, items[0]!.hash)).name, /^受理通知书 /);
    visible = false;
    await nothing();
    [who, visible] = [{ kind: 'applicant' }, true];
    await nothing();
  });

  it('stops for an operator where there is nothing, is refused before release without a number rule', async () => {
    await assert.rejects(given.work('archive', {}), { name: 'PermanentError' });
    const topic = knownTopics().find(({ name }) => name === 'archive')!;
    const shared = { english: {}, roles: [], numberRules: ['archive'], lists: [], blocks: {} };
    const missing = (input: object) => topic.missing!(topic.input.parse(input), given.release.package, shared);
    assert.deepEqual(missing({}), []);
    assert.deepEqual(missing({ rule: 'none' })[0]!.zh, 'numbers.json 没有编号规则 none');
  });
});
