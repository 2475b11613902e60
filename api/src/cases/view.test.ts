import assert from 'node:assert/strict';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { shanghaiDay } from '../core/index.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: {
    report: [
      { type: 'text', key: 'name', label: '机构名称' },
      { type: 'text', key: 'site', label: '场所' },
    ],
  },
  model: [
    start,
    user('accept', 'cma.acceptance', [outcome('agree', { zh: '同意受理', kind: 'primary' })], { edits: 'report' }),
    user('review', 'cma.acceptance', [outcome('agree', { zh: '同意', kind: 'primary' })], {
      actions: 'copy',
      instruction: '核对场所',
    }),
    end('done'),
    path('start accept review done'),
  ].join(''),
};
const BY = '南明区受理岗';
const CITY = '市受理';

describe('a case as one person sees it', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  let caseId: string;
  let subject: { subject_register: string; subject_id: string };
  before(async () => {
    world = await openFlowWorld('view-test', FLOW);
    await world.person(CITY, '5201', ['cma.acceptance']);
    caseId = await world.start(BY, { name: '黔岭检测', site: '一楼' });
    subject = await world.core.db('case').where({ id: caseId }).first('subject_register', 'subject_id');
  });
  after(() => world.close());

  /** The day in Shanghai that lies so many days from today. */
  const dayIn = (days: number) => shanghaiDay(new Date(world.core.time.now().getTime() + days * 86_400_000));

  it('stands on paper with its data, answers and time line, for those who may read it [PLT-1.8]', async () => {
    await world.decide(BY, caseId, 'accept', { outcome: 'agree', opinion: '材料齐全' });
    const href = `/api/v1/cases/${caseId}/summary.pdf`;
    const text = await textOf(await (await world.as(BY)).file(href));
    const { number, title } = await world.view(BY, caseId);
    for (const said of [number, title, '机构名称', '黔岭检测', '同意受理', '材料齐全'])
      assert.ok(text.includes(said), said);
    const theirs = await world.start(CITY, { name: '别的' });
    const asked = (await world.as(BY)).file(`/api/v1/cases/${theirs}/summary.pdf`);
    await assert.rejects(asked, { name: 'Refusal', status: 404 });
  });

  it('tells the officer what is on record about the subject today [PLT-1.8]', async () => {
    const { db } = world.core;
    await db('ban').insert([
      { ...subject, ...BAN, ground: '隐瞒有关情况', from_day: dayIn(-10), to_day: dayIn(0) },
      { ...subject, ...BAN, ground: '早已过去', from_day: dayIn(-10), to_day: dayIn(-1) },
    ]);
    const credit = { ...subject, ...CREDIT, updated_at: world.core.time.now() };
    await db('credit_file').insert([
      { ...credit, ground: '出具虚假报告', state: 'in-force', valid_until: dayIn(0) },
      { ...credit, ground: '期满的记录', state: 'in-force', valid_until: dayIn(-1) },
      { ...credit, ground: '修复的记录', state: 'repaired', valid_until: null },
    ]);
    await db('certificate').insert([
      certificate('26240012000001', 'suspended', 900),
      certificate('26240012000002', 'valid', 90),
      certificate('26240012000003', 'valid', 91),
      certificate('26240012000004', 'revoked', 10),
    ]);
    const { warnings } = await world.view(BY, caseId);
    assert.deepEqual(
      warnings.map(({ code, severity, zh }) => [code, severity, zh]),
      [
        ['ban', 'error', `隐瞒有关情况，${dayIn(0)} 以前不得申请`],
        ['credit', 'warning', `信用档案：行政处罚，出具虚假报告（黔市监罚〔2026〕1号），记录至 ${dayIn(0)}`],
        ['certificate-ends', 'info', `证书 26240012000002 有效期至 ${dayIn(90)}`],
        ['certificate-suspended', 'warning', '证书 26240012000001 已暂停'],
      ],
    );
  });

  it('says who was told, who follows it, how outside systems answered and where it was archived [PLT-1.5, PLT-1.8]', async () => {
    const { db, time } = world.core;
    const at = time.now();
    const reader = await world.person('抄送人', '5201', []);
    const client = await world.as(BY);
    const { id } = await world.task(BY, caseId, 'review');
    await client.send('POST', `/tasks/${id}/copy`, { to: [reader], note: '供参考' });
    await client.send('PUT', `/cases/${caseId}/watch`);
    const call = { ...{ case_id: caseId, step: 'review', visit: 1, message: 'subjects' }, request: '{}', at };
    const [{ id: asked }] = await db('connector_call')
      .insert({ ...call, system: 'double-random', state: 'failed' })
      .returning('id');
    const file = { case_id: caseId, number: '52-XK-2026-00001', subject_name: '黔岭检测', archived_at: at };
    await db('archive_file').insert([
      { ...file, version: 1, superseded_at: at },
      { ...file, version: 2, register: 'institution', subject_id: subject.subject_id },
    ]);
    const { around, tasks } = await world.view('抄送人', caseId);
    const { name } = await db('person')
      .whereIn('id', db('case').where({ id: caseId }).select('starter'))
      .first('name');
    assert.deepEqual(around, {
      archive: {
        ...{ number: '52-XK-2026-00001', version: 2, archivedAt: at.toISOString() },
        href: `/registers/institution/${subject.subject_id}#archive`,
      },
      copies: [{ person: '抄送人', by: name, note: '供参考', at: around!.copies[0]!.at, read: false }],
      watchers: [name],
      calls: [{ ...around!.calls[0]!, id: asked, state: 'failed', at: at.toISOString() }],
    });
    assert.equal(around!.calls[0]!.system.zh, '双随机、一公开监管平台');
    assert.deepEqual([tasks[0]!.mine, tasks[0]!.instruction], [false, '核对场所']);
    await db('connector_call').where({ id: asked }).delete();
  });

  it('names what it started first, then others about the subject that the reader may open [PLT-1.8]', async () => {
    const [started, other] = [await world.start(BY, { name: '一' }), await world.start(BY, { name: '二' })];
    const elsewhere = await world.start(CITY, { name: '三' });
    await world.core.db('case').where({ id: elsewhere }).update(subject);
    const at = world.core.time.now();
    await world.core.db('case_link').insert({ case_id: caseId, started, step: 'review', at });
    const related = async (by: string, id: string) => (await world.view(by, id)).related;
    assert.deepEqual(
      (await related(BY, caseId)).map(({ id, link }) => [id, link]),
      [
        [started, 'started'],
        [other, null],
      ],
    );
    assert.deepEqual((await related(BY, started)).map(({ id, link }) => [id, link])[0], [caseId, 'starter']);
  });

  function certificate(number: string, state: string, days: number): object {
    return {
      ...{ number, state, version: 1, kind: 'cma', institution_id: subject.subject_id },
      ...{ holder_name: '黔岭检测', holder_uscc: '91520115MA0004171A', data: {}, digest: '', token: number },
      ...{ valid_from: dayIn(-300), valid_to: dayIn(days) },
    };
  }
});

const BAN = { article: '《中华人民共和国行政许可法》第七十八条' };
const CREDIT = { subject_name: '黔岭检测', kind: '行政处罚', document: '黔市监罚〔2026〕1号' };

async function textOf(pdf: Buffer): Promise<string> {
  const task = getDocument({ data: Uint8Array.from(pdf), verbosity: VerbosityLevel.ERRORS, isEvalSupported: false });
  try {
    const document = await task.promise;
    const pages = Array.from({ length: document.numPages }, async (_, i) => {
      const { items } = await (await document.getPage(i + 1)).getTextContent();
      return items.map((item) => ('str' in item ? item.str : '')).join('');
    });
    return (await Promise.all(pages)).join('');
  } finally {
    await task.destroy();
  }
}
