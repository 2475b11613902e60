import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseForm, type FormSchema } from '../../../contracts/forms/index.ts';
import { book, openApplication, subject, uscc, type Application } from './application.testing.ts';
import { who, type Answer } from './testing.ts';

const formOf = (json: unknown): FormSchema => {
  const parsed = parseForm(json);
  assert.ok('form' in parsed, JSON.stringify(parsed));
  return parsed.form;
};

/** What each step may change: the applicant all but the officer's part, the officer only that. */
const stepForm = formOf({
  type: 'default',
  id: 'steps',
  components: [
    {
      type: 'group',
      id: 'applied',
      label: '申请',
      components: [
        { type: 'text', key: 'name', label: '名称', readonly: '=step = "verify"' },
        { type: 'uscc', key: 'code', label: '代码', readonly: '=step = "verify"' },
        { type: 'text', key: 'fixed', label: '固定', readonly: true },
        { type: 'choice', key: 'kind', label: '类型', values: [{ value: 'a', label: '甲' }] },
        { type: 'text', key: 'only', label: '仅乙', conditional: { hide: '=kind = "a"' } },
        {
          type: 'table',
          key: 'rows',
          label: '清单',
          import: true,
          columns: [
            { type: 'text', key: 'item', label: '项目', readonly: '=step = "verify"' },
            { type: 'text', key: 'remark', label: '备注', conditional: { hide: '=step = null' } },
            { type: 'uscc', key: 'maker', label: '生产者' },
          ],
        },
        {
          type: 'table',
          key: 'locked',
          label: '原有',
          readonly: '=step = "verify"',
          import: true,
          columns: [{ type: 'text', key: 'item', label: '项目' }],
        },
      ],
    },
    {
      type: 'group',
      id: 'office',
      label: '核查',
      conditional: { hide: '=step = null' },
      components: [{ type: 'text', key: 'finding', label: '核查意见' }],
    },
  ],
});

describe('what a step may change', function () {
  this.timeout(60_000);
  let world: Application;
  let owner: string;
  let edits = 0;
  before(async () => {
    world = await openApplication();
    const json = await readFile(
      new URL('../../../contracts/forms/examples/every-kind.form.json', import.meta.url),
      'utf8',
    );
    Object.assign(world.release.package.forms, { steps: stepForm, 'every-kind': formOf(JSON.parse(json)) });
  });
  beforeEach(async () => {
    owner = await world.draft(subject);
    for (const form of ['steps', 'every-kind']) at(form, undefined);
    edits = 0;
  });
  after(() => world.close());

  const at = (form: string, step: string | undefined) =>
    world.access.set(`${owner}/${form}`, { mode: 'edit', open: 'all', release: world.release, step });
  const path = (form = 'steps') => `/forms/${owner}/${form}`;
  const save = async (set: object, form?: string): Promise<Answer> => {
    const answer = await world.call('PATCH', path(form), { edits, set });
    if (answer.status === 200) edits = answer.body.edits;
    return answer;
  };
  const refusedPaths = ({ status, body }: Answer) => [status, body.code, body.fields?.map((field) => field.path)];

  it('is refused for a read-only field, its reason, and one hidden by the step [PLT-4.3]', async () => {
    assert.deepEqual(refusedPaths(await save({ fixed: 'x' })), [409, 'locked', ['fixed']]);
    assert.deepEqual(
      refusedPaths(await save({ finding: 'x' })),
      [409, 'locked', ['finding']],
      'a group of a later step',
    );
    assert.equal((await save({ name: '甲', code: '914403001922038217' })).status, 200);
    at('steps', 'verify');
    assert.equal((await world.call('GET', path())).body.step, 'verify');
    assert.deepEqual(refusedPaths(await save({ name: '乙', finding: 'x' })), [409, 'locked', ['name']]);
    assert.deepEqual(refusedPaths(await save({ 'code.reason': '证书如此' })), [409, 'locked', ['code']]);
    assert.equal((await save({ finding: '属实' })).status, 200);
    const { data } = (await world.call('GET', path())).body;
    assert.deepEqual([data.name, data.finding], ['甲', '属实'], 'nothing of a refused save is kept');
  });

  it('is not refused for what another field hides: both may arrive together', async () => {
    assert.equal((await save({ kind: 'a', only: 'x' })).status, 200);
  });

  it('is refused for columns and whole tables, row by row, at once, by Excel [PLT-4.3]', async () => {
    const rows = `${path()}/tables/rows`;
    const locked = `${path()}/tables/locked`;
    const { body: row } = await world.call('POST', `${rows}/rows`, { data: { item: '甲' } });
    const { body: old } = await world.call('POST', `${locked}/rows`, { data: { item: '旧' } });
    assert.deepEqual(refusedPaths(await world.call('POST', `${rows}/rows`, { data: { remark: 'x' } })), [
      409,
      'locked',
      ['remark'],
    ]);
    at('steps', 'verify');
    const refused = async (method: string, to: string, body?: unknown) =>
      assert.equal((await world.call(method, to, body)).body.code, 'locked', `${method} ${to}`);
    await refused('PUT', `${rows}/rows/${row.id}`, { data: { item: '乙' } });
    await refused('POST', `${rows}/rows`, { data: { item: '乙' } });
    await refused('POST', `${rows}/bulk`, { rows: 'all', set: { item: '乙' } });
    assert.equal((await world.call('PUT', `${rows}/rows/${row.id}`, { data: { remark: '已核' } })).status, 200);
    await refused('POST', `${locked}/rows`, { data: { item: '新' } });
    await refused('PUT', `${locked}/rows/${old.id}`, { data: { item: '新' } });
    await refused('DELETE', `${locked}/rows/${old.id}`);
    await refused('POST', `${locked}/bulk`, { rows: 'all', set: { item: '新' } });
    const sheet = await book([{ item: '乙', remark: '见附件' }], { item: '项目', remark: '备注' });
    assert.equal((await world.send(`${locked}/import`, 'a.xlsx', sheet)).body.code, 'locked');
    const imported = await world.import(rows, sheet);
    assert.equal(imported.imported, 1);
    const { body } = await world.call('GET', `${rows}/rows`);
    assert.deepEqual(
      body.rows.map((one) => one.data.item),
      ['甲', undefined],
      'a column that is closed is passed over',
    );
  });

  it('keeps the reason of a warned value in a row, typed or from Excel [PLT-4.5]', async () => {
    const rows = `${path()}/tables/rows`;
    const heads = { item: '项目', maker: '生产者', reason: '生产者的理由' };
    const strange = '914403001922038217';
    const first = await world.import(rows, await book([{ item: '甲', maker: strange }], heads));
    assert.deepEqual([first.faulty, first.errors[0].column], [1, '生产者']);
    const second = await world.import(rows, await book([{ item: '甲', maker: strange, reason: '证书如此' }], heads));
    assert.deepEqual([second.faulty, second.imported], [0, 1]);
    const { body } = await world.call('GET', `${rows}/rows`);
    assert.equal(body.rows[0].data['maker.reason'], '证书如此');
    assert.equal(body.rows[0].findings[0].severity, 'warning');
  });

  it('puts chosen entries in order and lets them fill fields that nobody types into [PLT-4.2]', async () => {
    const chosen = await world.call('GET', `${path('every-kind')}/choices/institution?q=${encodeURIComponent('云岭')}`);
    assert.deepEqual(chosen.body.rows, [{ id: subject.id, label: '贵州云岭检测有限公司', note: uscc }]);
    const forged = { id: subject.id, label: '别的名字' };
    const saved = await save({ institution: forged }, 'every-kind');
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    assert.deepEqual(saved.body.computed.institution, { id: subject.id, label: '贵州云岭检测有限公司' });
    assert.equal(saved.body.computed.institutionName, '贵州云岭检测有限公司');
    assert.deepEqual(saved.body.sources.institutionName, {
      zh: '机构档案 2026-11-16',
      en: 'Institution records, 2026-11-16',
    });
    assert.equal((await save({ institutionName: '自己写的' }, 'every-kind')).body.code, 'locked');
    const unknown = await save({ institution: { id: randomUUID(), label: '没有的' } }, 'every-kind');
    assert.deepEqual([unknown.status, unknown.body.fields[0].path], [400, 'institution']);
    const applicants = await world.call('GET', `${path('every-kind')}/choices/inspector`);
    assert.deepEqual(applicants.body.rows, [], 'an applicant looks nobody up');
  });

  it('takes files and pictures of a field, believes of them only what it saw itself [PLT-4.2]', async () => {
    const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    );
    await world.core
      .db('person')
      .insert({ id: who.personId, name: who.name, kind: 'applicant' })
      .onConflict('id')
      .ignore();
    const files = `${path('every-kind')}/files`;
    const kept = await world.send(`${files}/papers`, '说明.pdf', pdf);
    assert.equal(kept.status, 201, JSON.stringify(kept.body));
    assert.equal((await world.send(`${files}/photos`, '说明.pdf', pdf)).body.code, 'file-type');
    assert.equal((await world.send(`${files}/shortText`, '说明.pdf', pdf)).status, 404);
    const saved = await save({ papers: [{ id: kept.body.id, name: '改了名字.exe' }] }, 'every-kind');
    assert.deepEqual(saved.body.computed.papers, [
      { id: kept.body.id, name: '说明.pdf', size: pdf.length, type: 'application/pdf' },
    ]);
    assert.equal((await world.get(`/files/${kept.body.id}`)).status, 200);
    const stolen = await save({ photos: [{ id: kept.body.id, name: '说明.pdf' }] }, 'every-kind');
    assert.deepEqual(refusedPaths(stolen), [400, 'invalid', ['photos']], 'a file of another field');
    const shot = await world.send(`${files}/photos`, '现场照片.png', png);
    const claim = { id: shot.body.id, at: '2031-01-01T00:00:00Z', by: '别人', lat: 26.5, lon: 106.7, accuracy: 8 };
    const { body } = await save({ photos: [claim] }, 'every-kind');
    const [photo] = body.computed.photos as { at: string; by: string; lat: number }[];
    assert.deepEqual([photo.at, photo.by, photo.lat], ['2026-11-21T02:00:00.000Z', '宋知微', 26.5]);
  });

  it('keeps rich text without anything that could act [PLT-4.2]', async () => {
    const { body } = await save({ opinion: '<p onclick="x()">同意<script>alert(1)</script></p>' }, 'every-kind');
    assert.equal(body.computed.opinion, '<p>同意</p>');
  });
});
