import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { DecideAnswer, InboxPage, TaskView } from '../../../contracts/api/index.ts';
import { shanghaiDay } from '../core/index.ts';
import type { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from './testing.ts';

const agree = [outcome('agree', { kind: 'primary' })];
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'text', label: '内容' }] },
  model: [
    start,
    user('accept', 'cma.acceptance', agree),
    user('examine', 'cma.examine', [...agree, outcome('refuse')], {
      actions: 'add-sign, transfer, return',
      returnTo: 'accept',
    }),
    user('countersign', 'cma.examine,cma.decide', [...agree, outcome('talk', { otherwise: true })], {
      quorum: 'all',
      actions: 'add-sign',
    }),
    end('done'),
    path('start accept examine countersign done'),
  ].join(''),
};

describe('people added to a task for their opinion', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  const people: Record<string, string> = {};
  before(async () => {
    world = await openFlowWorld('signs-test', FLOW);
    people.甲 = await world.person('甲', '52', ['cma.examine']);
    for (const name of ['乙', '丙']) people[name] = await world.person(name, '52', []);
  });
  after(() => world.close());

  async function begin(): Promise<string> {
    const caseId = await world.start('受理岗', { text: '试' });
    await world.decide('受理岗', caseId, 'accept', { outcome: 'agree' });
    return caseId;
  }
  const add = async (by: string, caseId: string, kind: string, names: string[], step = 'examine') => {
    const { id, version } = await world.task(by, caseId, step);
    const body = { kind, people: names.map((name) => people[name]), reason: '涉及专业问题', version };
    return (await world.as(by)).send('POST', `/tasks/${id}/signs`, body);
  };
  const give = async (by: string, caseId: string, body: object, step = 'examine') => {
    const { id } = await world.task(by, caseId, step);
    const given = await (await world.as(by)).send<{ decision: DecideAnswer | null }>('POST', `/tasks/${id}/sign`, body);
    await world.quiet();
    return given;
  };
  const remove = async (by: string, caseId: string, person: string) => {
    const view = await world.view(by, caseId);
    const { taskId, id } = view.signs.find((sign) => sign.person === person)!;
    await (await world.as(by)).send('DELETE', `/tasks/${taskId}/signs/${id}`);
    await world.quiet();
  };
  const refused =
    (code: string, words = /./) =>
    ({ code: found, message }: Refusal): boolean =>
      found === code && words.test(message);
  const offers = ({ offers: all }: TaskView) => all.filter(({ enabled }) => enabled).map(({ action }) => action);
  const row = async (by: string, caseId: string) =>
    (await (await world.as(by)).get<z.infer<typeof InboxPage>>('/inbox')).rows.find((one) => one.caseId === caseId);
  const said = async (caseId: string) =>
    (await (await world.as('受理岗')).get<{ entries: { zh: string }[] }>(`/cases/${caseId}/timeline`)).entries.map(
      ({ zh }) => zh,
    );

  it('before: the task waits for the opinion and comes back to whoever asked [PLT-1.5]', async () => {
    const caseId = await begin();
    assert.equal(await row('乙', caseId), undefined);
    await assert.rejects(world.view('乙', caseId), refused('not-found'));
    await add('甲', caseId, 'before', ['乙']);
    assert.ok((await row('乙', caseId))?.tags.some(({ zh }) => zh === '加签'));
    const asked = await world.task('乙', caseId, 'examine');
    assert.deepEqual([offers(asked), asked.mine], [['sign'], true]);
    await assert.rejects(world.decide('乙', caseId, 'examine', { outcome: 'agree' }), refused('not-yours'));
    await assert.rejects(
      world.decide('甲', caseId, 'examine', { outcome: 'agree' }),
      refused('not-now', /等乙提出加签意见/),
    );
    await assert.rejects(give('乙', caseId, { opinion: ' ' }), refused('invalid'));
    await assert.rejects(give('丙', caseId, { opinion: '我来' }), () => true);
    await give('乙', caseId, { opinion: '参数齐全' });
    await assert.rejects(give('乙', caseId, { opinion: '再说' }), refused('not-now', /加签意见已提交/));
    assert.equal(await row('乙', caseId), undefined);
    const { signs } = await world.view('甲', caseId);
    assert.deepEqual([signs[0]!.person, signs[0]!.state, signs[0]!.opinion], ['乙', 'given', '参数齐全']);
    assert.equal((await world.task('甲', caseId, 'examine')).holder?.name, '甲');
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    const lines = await said(caseId);
    assert.ok(
      lines.some((zh) => /^甲在「examine」前加签：请乙提出意见。理由：涉及专业问题。$/.test(zh)),
      lines.join('\n'),
    );
    assert.ok(lines.some((zh) => /^乙在「examine」提出前加签意见。意见：参数齐全。$/.test(zh)));
  });

  it('after: the decision waits until all agree; who does not sends it back with the reason [PLT-1.5]', async () => {
    const caseId = await begin();
    await add('甲', caseId, 'after', ['乙', '丙']);
    assert.equal(await row('乙', caseId), undefined);
    const answer = await world.decide('甲', caseId, 'examine', { outcome: 'agree', opinion: '同意' });
    assert.equal(answer.state, 'held');
    assert.match(answer.message.zh, /等(乙、丙|丙、乙)加签确认/);
    assert.deepEqual(offers(await world.task('乙', caseId, 'examine')), ['sign:agree', 'sign:refuse']);
    await give('乙', caseId, { agrees: true });
    await assert.rejects(give('丙', caseId, { agrees: false }), refused('invalid'));
    await give('丙', caseId, { agrees: false, opinion: '缺附件' });
    const back = await world.task('甲', caseId, 'examine');
    assert.equal(back.draft?.opinion, '同意');
    await world.decide('甲', caseId, 'examine', { outcome: 'refuse', opinion: '缺附件' });
    await give('丙', caseId, { agrees: true });
    const { decision } = await give('乙', caseId, { agrees: true });
    assert.equal(decision?.state, 'done');
    await world.task('甲', caseId, 'countersign');
    const lines = await said(caseId);
    assert.ok(lines.some((zh) => /丙在「examine」后加签：不同意，决定退回。意见：缺附件。$/.test(zh)));
    assert.ok(
      lines.some((zh) => /^甲（.*）在「examine」作出「refuse」。意见：缺附件。实际时间：/.test(zh)),
      lines.join('\n'),
    );
  });

  it('who added somebody removes them while the opinion is not given; removing the last carries the decision out [PLT-1.5]', async () => {
    const caseId = await begin();
    await add('甲', caseId, 'parallel', ['乙']);
    await assert.rejects(remove('审查岗', caseId, '乙'), refused('not-now', /由加签的人减签/));
    await remove('甲', caseId, '乙');
    await assert.rejects(
      world.view('受理岗', caseId).then(() => give('乙', caseId, { opinion: '晚了' })),
      () => true,
    );
    await add('甲', caseId, 'after', ['丙']);
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    await remove('甲', caseId, '丙');
    await world.task('甲', caseId, 'countersign');
    assert.ok((await said(caseId)).some((zh) => /减签：不再请丙提出意见/.test(zh)));
  });

  it('where several answer, one more answers under the same quorum [PLT-1.5]', async () => {
    const caseId = await begin();
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    await add('甲', caseId, 'parallel', ['乙'], 'countersign');
    await world.decide('甲', caseId, 'countersign', { outcome: 'agree' });
    await world.decide('决定岗', caseId, 'countersign', { outcome: 'agree' });
    await assert.rejects(remove('甲', caseId, '乙'), refused('not-now', /其他各方均已提出意见/));
    await world.decide('乙', caseId, 'countersign', { outcome: 'agree', opinion: '无异议' });
    const { result, signs } = await world.view('甲', caseId);
    assert.deepEqual([result, signs[0]!.state, signs[0]!.opinion], ['done', 'given', '无异议']);
  });

  it('where several answer, each asks before or after the own answer; the others go on [PLT-1.5]', async () => {
    const caseId = await begin();
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    await add('甲', caseId, 'before', ['乙'], 'countersign');
    await assert.rejects(
      world.decide('甲', caseId, 'countersign', { outcome: 'agree' }),
      refused('not-now', /等乙提出加签意见/),
    );
    assert.deepEqual(offers(await world.task('乙', caseId, 'countersign')), ['sign']);
    await give('乙', caseId, { opinion: '可行' }, 'countersign');
    await add('甲', caseId, 'after', ['丙'], 'countersign');
    const { version } = await world.task('决定岗', caseId, 'countersign');
    const submitted = await world.decide('甲', caseId, 'countersign', { outcome: 'agree', opinion: '同意' });
    assert.match(submitted.message.zh, /等丙加签确认/);
    assert.equal((await world.task('决定岗', caseId, 'countersign')).version, version);
    await world.decide('决定岗', caseId, 'countersign', { outcome: 'agree' });
    await give('丙', caseId, { agrees: false, opinion: '缺附件' }, 'countersign');
    const back = await world.task('甲', caseId, 'countersign');
    assert.deepEqual([back.draft?.opinion, back.offers[0]!.enabled], ['同意', true]);
    await world.decide('甲', caseId, 'countersign', { outcome: 'agree', opinion: '已补附件' });
    assert.equal((await world.view('甲', caseId)).result, null);
    const { decision } = await give('丙', caseId, { agrees: true }, 'countersign');
    assert.notEqual(decision, null);
    const { result, answers } = await world.view('甲', caseId);
    assert.equal(result, 'done');
    assert.deepEqual(answers[0]!.rows.map(({ person, opinion }) => [person, opinion]).sort(), [
      ['杨书禾', null],
      ['甲', '已补附件'],
    ]);
  });

  it('a return makes what is awaited void, and shows it so [PLT-1.3, PLT-1.5]', async () => {
    const caseId = await begin();
    await add('甲', caseId, 'before', ['乙']);
    const { id } = await world.task('甲', caseId, 'examine');
    const body = { to: 'accept', mode: 'replay', reason: '材料有误' };
    await (await world.as('甲')).send('POST', `/tasks/${id}/return`, body);
    await world.quiet();
    assert.equal(await row('乙', caseId), undefined);
    assert.equal((await world.view('甲', caseId)).signs[0]!.state, 'void');
  });

  it('after a correction that comes straight back they are awaited again [PLT-1.3, PLT-1.5]', async () => {
    const caseId = await begin();
    await add('甲', caseId, 'before', ['乙']);
    const { id } = await world.task('甲', caseId, 'examine');
    const body = { to: 'accept', mode: 'straight-back', reason: '材料有误' };
    await (await world.as('甲')).send('POST', `/tasks/${id}/return`, body);
    await world.quiet();
    assert.equal(await row('乙', caseId), undefined);
    await world.decide('受理岗', caseId, 'accept', { outcome: 'agree' });
    const again = await world.task('甲', caseId, 'examine');
    assert.notEqual(again.id, id);
    await assert.rejects(
      world.decide('甲', caseId, 'examine', { outcome: 'agree' }),
      refused('not-now', /等乙提出加签意见/),
    );
    assert.equal((await row('乙', caseId))?.taskId, again.id);
    await give('乙', caseId, { opinion: '齐全' });
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    const { signs } = await world.view('甲', caseId);
    assert.deepEqual(
      signs.map(({ taskId, state }) => [taskId, state]),
      [[again.id, 'given']],
    );
  });

  it('one who steps aside is not added; a deputy gives the opinion of who is absent [PLT-1.5, PLT-1.7]', async () => {
    const caseId = await begin();
    const { starter: other } = await world.core.db('case').where({ id: caseId }).first('starter');
    const aside = await (
      await world.as('乙')
    ).send<{ id: string }>('POST', '/avoidances', { other, ground: '近亲属', from: '2026-01-01', to: '2099-12-31' });
    await assert.rejects(add('甲', caseId, 'before', ['乙']), refused('avoidance'));
    await (await world.as('乙')).send('DELETE', `/avoidances/${aside.id}`);
    await add('甲', caseId, 'before', ['乙']);
    const today = shanghaiDay(world.core.time.now());
    await (await world.as('乙')).send('POST', '/absences', { deputy: people.丙, from: today, to: today });
    assert.equal((await row('丙', caseId))?.for?.name, '乙');
    await give('丙', caseId, { opinion: '同意' });
    assert.equal((await world.view('甲', caseId)).signs[0]!.givenBy, '丙');
    assert.ok((await said(caseId)).some((zh) => /^丙（代乙）在「examine」提出前加签意见/.test(zh)));
  });

  it('of two who agree last at once, both count and it is decided once [PLT-1.5]', async () => {
    const caseId = await begin();
    await add('甲', caseId, 'after', ['乙', '丙']);
    await (await world.as('乙')).send('DELETE', `/absences/${(await world.core.db('absence').first('id')).id}`);
    await world.decide('甲', caseId, 'examine', { outcome: 'agree' });
    const { id } = await world.task('甲', caseId, 'examine');
    await Promise.all(
      ['乙', '丙'].map(async (by) => (await world.as(by)).send('POST', `/tasks/${id}/sign`, { agrees: true })),
    );
    await world.quiet();
    await world.task('甲', caseId, 'countersign');
    assert.equal((await said(caseId)).filter((zh) => /在「examine」作出「agree」/.test(zh)).length, 1);
  });
});
