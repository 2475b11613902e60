/** One world: the guide that anybody reads, a case that stands still for a while, a case that staff start. */
import assert from 'node:assert/strict';
import type { CaseProgress, CatalogueItem, English, Renewals, ServiceGuide } from '../../../contracts/api/index.ts';
import type { z } from 'zod';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld, type TestFlow } from '../tasks/testing.ts';

const ID = 'guided';
const STAGES = [outcome('accept', { zh: '受理', kind: 'primary' })];
const FLOW: TestFlow = {
  flow: {
    form: 'application',
    start: { roles: ['applicant'] },
    case: { numberRule: 'case.cma', title: '{applicant} 试验', office: 'province' },
    fee: '12050',
    conditions: ['依法成立'],
    legalBasis: ['《中华人民共和国行政许可法》'],
    guide: {
      who: { zh: '法人和其他组织', en: 'Legal persons' },
      steps: [{ title: { zh: '提交', en: 'Hand in' }, text: { zh: '在网上填写', en: 'Fill in' } }],
    },
    clocks: [
      {
        ...{ id: 'decision', title: { zh: '许可期限', en: 'Decision' }, basis: '《行政许可法》第四十二条' },
        ...{ limit: 'P20WD', promised: 'P10WD', from: ['entered:check'], until: ['outcome:ruling=grant'] },
      },
    ],
    materials: [
      {
        ...{ id: 'chart', title: { zh: '组织机构图', en: 'Chart' }, required: false, types: ['pdf'], max: 2 },
        ...{ sample: 'org-chart-sample.pdf', blank: 'parent-authorisation-blank.docx' },
      },
    ],
  },
  forms: { application: [{ type: 'textfield', key: 'note', label: '说明' }] },
  model: [
    start,
    user('check', 'cma.acceptance', STAGES, { limit: 'P5WD' }),
    user('review', 'cma.review', [outcome('conform', { kind: 'primary' })], {
      clock: 'decision=stop:technical-review',
    }),
    user('mend', 'applicant', [outcome('mended', { zh: '改好了', kind: 'primary' })]),
    user('ruling', 'cma.decide', [outcome('grant', { kind: 'primary' })]),
    end('done'),
    path('start check review mend ruling done'),
  ].join(''),
};

describe('catalogue', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  let subject: string;
  before(async () => {
    world = await openFlowWorld(ID, FLOW, { at: new Date('2026-10-12T02:00:00Z') });
    for (const [name, role] of Object.entries({ 受理: 'cma.acceptance', 评审: 'cma.review', 决定: 'cma.decide' }))
      await world.person(name, '52', [role]);
    subject = (await world.core.db('institution').first('id')).id;
  });
  after(() => world?.close());

  const open = (path: string) => fetch(`${world.url}/api/v1/public/guides${path}`);

  it('tells anybody who may apply, how long it takes, what it costs and what to bring [PLT-2.1]', async () => {
    const guide = (await (await open(`/${ID}`)).json()) as ServiceGuide;
    assert.equal(guide.who?.zh, '法人和其他组织');
    assert.equal(guide.fee, 12050);
    assert.deepEqual(
      guide.limits.map(({ statutory, promised }) => [statutory.zh, promised?.zh]),
      [['20个工作日', '10个工作日']],
    );
    assert.deepEqual(
      guide.steps.map(({ title }) => title.zh),
      ['提交'],
    );
    assert.ok(guide.contact?.phone);
    const { rows } = (await (await open('')).json()) as { rows: { flow: string }[] };
    assert.deepEqual(
      rows.map(({ flow }) => flow),
      [ID],
    );
  });

  it('says in English what the flow has English for, the rest in Chinese', async () => {
    const guide = (await (await open(`/${ID}`)).json()) as ServiceGuide;
    assert.deepEqual(
      [...guide.legalBasis, ...guide.conditions].map(({ en }) => en),
      ['Administrative Licensing Law', '依法成立'],
    );
    const { texts } = await (await world.as('申请人')).get<English>('/english');
    assert.deepEqual(
      ['《中华人民共和国行政许可法》', '组织机构图', '依法成立'].map((zh) => texts[zh]),
      ['Administrative Licensing Law', 'Chart', undefined],
    );
  });

  it('hands out samples and empty forms without an account, as what they are [PLT-2.1]', async () => {
    const [material] = ((await (await open(`/${ID}`)).json()) as ServiceGuide).materials;
    const sample = await fetch(world.url + material!.sample);
    assert.equal(sample.headers.get('content-type'), 'application/pdf');
    assert.match(await sample.text(), /^%PDF-/);
    const blank = await fetch(world.url + material!.blank);
    assert.match(blank.headers.get('content-type')!, /wordprocessingml/);
    assert.match(blank.headers.get('content-disposition')!, /attachment; .*%E7%A9%BA%E8%A1%A8/);
    assert.equal((await open(`/${ID}/files/other.pdf`)).status, 404);
    assert.equal((await open('/nothing')).status, 404);
  });

  it('shows how far a case is: each step with its days, and the time not counted [PLT-2.6]', async () => {
    const applicant = await world.as('申请人');
    const draft = await applicant.send<{ id: string }>('POST', '/drafts', { flow: ID });
    await applicant.send('POST', `/drafts/${draft.id}/submit`);
    await world.quiet();
    await world.decide('受理', draft.id, 'check', { outcome: 'accept' });
    world.time.advanceTo(new Date('2026-10-15T02:00:00Z'));
    await world.decide('评审', draft.id, 'review', { outcome: 'conform' });
    await world.decide('申请人', draft.id, 'mend', { outcome: 'mended' });
    const { steps } = await applicant.get<CaseProgress>(`/cases/${draft.id}/progress`);
    assert.deepEqual(
      steps.map(({ step, state, mine, outcome: answer, limit }) => [step, state, mine, answer?.zh, limit?.zh]),
      [
        ['check', 'done', false, undefined, '5个工作日'],
        ['review', 'done', false, undefined, undefined],
        ['mend', 'done', true, '改好了', undefined],
        ['ruling', 'open', false, undefined, undefined],
      ],
    );
    const { clocks } = await world.view('申请人', draft.id);
    const [stop] = clocks.find(({ id }) => id === 'decision')!.stops;
    assert.deepEqual([stop?.days, stop?.reason], [3, '技术评审所需时间不计入期限']);
    assert.match(stop!.until!, /^2026-10-15/);
  });

  it('asks staff and applicants for the certificate, and says which is to be renewed [CMA-3.17]', async () => {
    const [first, second] = [
      await certificate('262400000001', '2026-12-31'),
      await certificate('262400000002', '2031-12-31'),
    ];
    const about = { register: 'certificate', of: 'subject', states: ['valid'], renews: { window: 'P3M' } };
    await world.release({
      ...FLOW,
      flow: { ...FLOW.flow, certificate: about, start: { roles: ['applicant', 'cma.acceptance'] } },
    });
    const clerk = await world.as('受理');
    const { items } = await clerk.get<{ items: z.infer<typeof CatalogueItem>[] }>('/catalogue');
    assert.equal(items.find(({ flow }) => flow === ID)?.aboutCertificate, true);
    const { rows } = await clerk.get<{ rows: { id: string }[] }>(`/catalogue/${ID}/subjects/${subject}/certificates`);
    assert.deepEqual(
      rows.map(({ id }) => id),
      [first, second],
    );
    const draft = await clerk.send<{ id: string }>('POST', '/drafts', { flow: ID, subject, certificate: second });
    assert.equal((await world.core.db('draft').where(draft).first()).certificate_id, second);
    const renewals = (await (await world.as('申请人')).get<z.infer<typeof Renewals>>('/renewals')).rows;
    assert.deepEqual(
      renewals.map(({ certificate: { id }, left, flow }) => [id, left, flow]),
      [[first, 77, ID]],
    );
  });

  async function certificate(number: string, validTo: string): Promise<string> {
    const [{ id }] = await world.core
      .db('certificate')
      .insert({
        ...{ number, version: 1, token: number, kind: 'test', state: 'valid', institution_id: subject, digest: '' },
        ...{ holder_name: '某机构', holder_uscc: 'x', data: { kindTitle: '证书' } },
        ...{ valid_from: '2020-12-31', valid_to: validTo, issued_at: new Date() },
      })
      .returning('id');
    return id;
  }
});
