import assert from 'node:assert/strict';
import type { CaseView, InboxPage } from '../../../contracts/api/index.ts';
import type { z } from 'zod';
import type { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from './testing.ts';

const go = [outcome('go', { kind: 'primary' })];
const answers = [
  outcome('agree', { kind: 'primary' }),
  outcome('refuse', { stops: true }),
  outcome('talk', { otherwise: true }),
];
const shares = [outcome('agree', { kind: 'primary' }), outcome('talk', { otherwise: true })];

/** Two departments countersign, then three named people vote, then somebody who did not countersign decides. */
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'experts', label: '专家' }] },
  model: [
    start,
    user('countersign', 'cma.examine,cma.decide', answers, { quorum: 'all' }),
    user('vote', '', shares, {
      ...{ quorum: 'share(0.6)', answerers: 'people:report.experts' },
      ...{ actions: 'return', returnTo: 'countersign' },
    }),
    user('ruling', 'cma.decide,cma.examine', go, { 'not-same-as': 'countersign' }),
    end('done'),
    path('start countersign vote ruling done'),
  ].join(''),
};

describe('steps where several answer', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  let experts: string[];
  before(async () => {
    world = await openFlowWorld('quorum-test', FLOW);
    experts = [];
    for (const name of ['专家甲', '专家乙', '专家丙']) experts.push(await world.person(name, '52', []));
    await world.person('另一决定岗', '52', ['cma.decide']);
  });
  after(() => world.close());

  const open = async (by: string) =>
    (await (await world.as(by)).get<z.infer<typeof InboxPage>>('/inbox')).rows.map(({ caseId, step }) => [
      caseId,
      step,
    ]);
  const inOpen = async (by: string, caseId: string) => (await open(by)).some(([id]) => id === caseId);
  const begin = () => world.start('受理岗', { experts: experts.join(',') });

  it('each department answers once; who has answered has it no longer open; the last answer decides [PLT-5.2]', async () => {
    const caseId = await begin();
    assert.deepEqual([await inOpen('审查岗', caseId), await inOpen('决定岗', caseId)], [true, true]);
    const first = await world.decide('审查岗', caseId, 'countersign', { outcome: 'agree', opinion: '同意受理意见' });
    assert.match(first.message.zh, /还等 1 方/);
    assert.deepEqual([await inOpen('审查岗', caseId), await inOpen('决定岗', caseId)], [false, true]);

    const view: CaseView = await world.view('审查岗', caseId);
    assert.deepEqual(
      view.answers.map(({ rule, concluded, rows }) => [
        rule.zh,
        concluded,
        rows.map(({ asked, person, outcome: said, mine }) => [asked, person, said, mine]),
      ]),
      [
        [
          '共 2 方，须意见一致',
          null,
          [
            ['省市场监管局 资质认定审查岗', '龙景和', 'agree', true],
            ['省市场监管局 资质认定决定岗', null, null, false],
          ],
        ],
      ],
    );
    assert.deepEqual(
      view.tasks[0]!.offers.map(({ enabled, reason }) => [enabled, reason?.zh]),
      Array(3).fill([false, '您已提交意见，等其他方办理']),
    );
    await assert.rejects(
      world.decide('审查岗', caseId, 'countersign', { outcome: 'agree' }),
      ({ code }: Refusal) => code === 'already-answered',
    );
    await world.decide('决定岗', caseId, 'countersign', { outcome: 'agree' });
    await world.task('受理岗', caseId, 'vote');
    const { entries } = await (
      await world.as('受理岗')
    ).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`);
    const said = entries.map(({ zh }) => zh).filter((zh) => zh.includes('countersign'));
    assert.equal(said.length, 3);
    assert.match(said[0]!, /^龙景和（.*资质认定审查岗）在「countersign」提出意见「agree」。意见：同意受理意见。$/);
    assert.match(said[2]!, /各方意见齐备，结论「agree」/);
    const done = await (await world.as('审查岗')).get<{ rows: { caseId: string; stepName: string }[] }>('/done');
    assert.deepEqual(
      done.rows.filter((row) => row.caseId === caseId).map((row) => row.stepName),
      ['countersign'],
    );
  });

  it('people named by an earlier step vote; a share of them is enough [PLT-5.2]', async () => {
    const caseId = await begin();
    for (const by of ['审查岗', '决定岗']) await world.decide(by, caseId, 'countersign', { outcome: 'agree' });
    assert.equal(await inOpen('专家甲', caseId), true);
    await world.decide('专家甲', caseId, 'vote', { outcome: 'agree' });
    await assert.rejects(
      world.decide('受理岗', caseId, 'vote', { outcome: 'agree' }),
      ({ code }: Refusal) => code === 'not-yours',
    );
    await world.decide('专家丙', caseId, 'vote', { outcome: 'agree' });
    assert.equal(await inOpen('专家乙', caseId), false);
    await world.task('受理岗', caseId, 'ruling');
  });

  it('a return out of a vote keeps the answers for who comes straight back, and voids them for a replay [PLT-1.3]', async () => {
    const sentBack = async (mode: string) => {
      const caseId = await begin();
      for (const by of ['审查岗', '决定岗']) await world.decide(by, caseId, 'countersign', { outcome: 'agree' });
      await world.decide('专家甲', caseId, 'vote', { outcome: 'agree' });
      const { id } = await world.task('专家乙', caseId, 'vote');
      const body = { to: 'countersign', mode, reason: '会签意见不全' };
      await (await world.as('专家乙')).send('POST', `/tasks/${id}/return`, body);
      await world.quiet();
      for (const by of ['审查岗', '决定岗']) await world.decide(by, caseId, 'countersign', { outcome: 'agree' });
      return caseId;
    };
    const kept = await sentBack('straight-back');
    assert.deepEqual([await inOpen('专家甲', kept), await inOpen('专家乙', kept)], [false, true]);
    await world.decide('专家丙', kept, 'vote', { outcome: 'agree' });
    await world.task('受理岗', kept, 'ruling');

    const anew = await sentBack('replay');
    assert.deepEqual([await inOpen('专家甲', anew), await inOpen('专家乙', anew)], [true, true]);
    const { answers: said } = await world.view('审查岗', anew);
    assert.ok(said.some(({ stepName, rows }) => stepName === 'vote' && rows.some((row) => row.void)));
    const countersigned = await world.core.db('answer').where({ case_id: anew, step: 'countersign' });
    assert.deepEqual(
      countersigned.map(({ state }) => state).sort(),
      ['given', 'given', 'void', 'void'],
      'all answers of the undone countersigning, also those before the last',
    );
  });

  it('who countersigned may not rule, nor claim it [PLT-5.2]', async () => {
    const caseId = await begin();
    for (const by of ['审查岗', '决定岗']) await world.decide(by, caseId, 'countersign', { outcome: 'agree' });
    for (const by of ['专家甲', '专家乙']) await world.decide(by, caseId, 'vote', { outcome: 'agree' });
    const { offers, id } = await world.task('决定岗', caseId, 'ruling');
    assert.deepEqual(
      offers.map(({ action, reason }) => [action, reason?.zh]),
      [['decide:go', '「countersign」由本人办理，这一步须由他人办理']],
    );
    const fourEyes = ({ code }: Refusal) => code === 'four-eyes';
    await assert.rejects(world.decide('决定岗', caseId, 'ruling', { outcome: 'go' }), fourEyes);
    await assert.rejects((await world.as('决定岗')).send('POST', `/tasks/${id}/claim`), fourEyes);
    await world.decide('另一决定岗', caseId, 'ruling', { outcome: 'go' });
    assert.equal((await world.view('受理岗', caseId)).result, 'done');
  });

  it('one who stops it ends a countersigning; who steps aside neither sees nor does it [PLT-5.2]', async () => {
    const caseId = await begin();
    const other = await world.as('另一决定岗');
    const subject = await world.core.db('institution').first('id');
    const { id } = await other.send<{ id: string }>('POST', '/avoidances', {
      subject: { register: 'institution', id: subject.id },
      ground: '配偶在该机构任职',
      from: '2026-01-01',
      to: '2099-12-31',
    });
    assert.equal(await inOpen('另一决定岗', caseId), false);
    await assert.rejects(
      world.decide('另一决定岗', caseId, 'countersign', { outcome: 'agree' }),
      ({ code, message }: Refusal) => code === 'avoidance' && message.includes('配偶在该机构任职'),
    );
    await other.send('DELETE', `/avoidances/${id}`);
    assert.equal(await inOpen('另一决定岗', caseId), true);
    await world.decide('另一决定岗', caseId, 'countersign', { outcome: 'refuse' });
    const view = await world.view('审查岗', caseId);
    assert.deepEqual([view.answers[0]!.concluded, view.tasks[0]!.step], ['refuse', 'vote']);
    assert.equal(await inOpen('审查岗', caseId), false);
  });
});
