import assert from 'node:assert/strict';
import type { TaskView } from '../../../contracts/api/index.ts';
import type { Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from './testing.ts';

const agree = [outcome('agree', { kind: 'primary' })];
const FLOW = {
  flow: {
    form: 'report',
    start: { roles: ['cma.acceptance'] },
  },
  forms: { report: [{ type: 'textfield', key: 'text', label: '内容' }] },
  model: [
    start,
    user('accept', 'cma.acceptance', agree, { actions: 'take-back' }),
    user('examine', 'cma.examine', agree, {
      actions: 'transfer, delegate, add-sign, urge, return',
      returnTo: 'accept',
    }),
    end('done'),
    path('start accept examine done'),
  ].join(''),
};

interface Race {
  what: string;
  /** Brings the case to where both act; `examine` is open. */
  given?: (caseId: string) => Promise<void>;
  /** Who act at the same time; 甲 and 乙 hold the role, unless said otherwise. */
  by?: [string, string];
  act(
    task: TaskView,
    by: string,
    view: { signs: { id: string }[] },
  ): { method?: 'DELETE'; path: string; body?: object };
  /** What the one who came second reads about the other. */
  told: RegExp;
}

describe('two people who do the same at the same time', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  const people: Record<string, string> = {};
  before(async () => {
    world = await openFlowWorld('race-test', FLOW, { at: new Date('2026-09-21T09:00:00+08:00') });
    for (const name of ['甲', '乙', '丙']) people[name] = await world.person(name, '52', ['cma.examine']);
  });
  after(() => world.close());

  const at = (task: TaskView, act: string, body: object = {}) => ({
    path: `/tasks/${task.id}/${act}`,
    body: { version: task.version, ...body },
  });
  const post = async (by: string, caseId: string, act: string, body: object) => {
    const { path: to, body: sent } = at(await world.task(by, caseId, 'examine'), act, body);
    await (await world.as(by)).send('POST', to, sent);
  };
  const handed = { reason: '出差' };

  const RACES: Race[] = [
    {
      what: 'claim',
      act: (task) => at(task, 'claim'),
      told: /"zh":"别人先办了：\d\d:\d\d [甲乙]在「examine」签收待办。"/,
    },
    {
      what: 'decide',
      act: (task) => at(task, 'decision', { outcome: 'agree' }),
      told: /\d\d:\d\d [甲乙]（.*）在「examine」作出「agree」/,
    },
    {
      what: 'transfer',
      act: (task) => at(task, 'transfer', { to: people.丙, ...handed }),
      told: /\d\d:\d\d [甲乙]在「examine」转办给丙。理由：出差/,
    },
    {
      what: 'delegate',
      act: (task) => at(task, 'delegate', { to: people.丙, ...handed }),
      told: /\d\d:\d\d [甲乙]在「examine」委托丙准备/,
    },
    {
      what: 'give back and take back a delegation',
      given: (caseId) => post('甲', caseId, 'delegate', { to: people.丙, ...handed }),
      by: ['甲', '丙'],
      act: (task) => at(task, 'give-back', { opinion: '拟同意' }),
      told: /\d\d:\d\d (甲在「examine」收回委托|丙在「examine」准备完毕)/,
    },
    {
      what: 'add people',
      act: (task) => at(task, 'signs', { kind: 'before', people: [people.丙], ...handed }),
      told: /\d\d:\d\d [甲乙]在「examine」前加签：请丙提出意见/,
    },
    {
      what: 'remove somebody and give the opinion',
      given: (caseId) => post('甲', caseId, 'signs', { kind: 'before', people: [people.丙], ...handed }),
      by: ['甲', '丙'],
      act: (task, by, { signs }) =>
        by === '丙'
          ? at(task, 'sign', { opinion: '同意' })
          : { method: 'DELETE', path: `/tasks/${task.id}/signs/${signs[0]!.id}` },
      told: /\d\d:\d\d (甲在「examine」减签|丙在「examine」提出前加签意见)/,
    },
    {
      what: 'return',
      act: (task) => at(task, 'return', { to: 'accept', mode: 'replay', reason: '缺件' }),
      told: /\d\d:\d\d [甲乙].*退回到「accept」/,
    },
    {
      what: 'return and decide',
      act: (task, by) =>
        by === '甲'
          ? at(task, 'decision', { outcome: 'agree' })
          : at(task, 'return', { to: 'accept', mode: 'replay', reason: '缺件' }),
      told: /\d\d:\d\d [甲乙].*(退回到「accept」|作出「agree」)/,
    },
  ];

  for (const { what, given, by = ['甲', '乙'], act, told } of RACES)
    it(`${what}: one wins, the other reads who did what when [PLT-1.2, PLT-1.3, PLT-1.5]`, async () => {
      const caseId = await world.start('受理岗', { text: '试' });
      await world.decide('受理岗', caseId, 'accept', { outcome: 'agree' });
      await given?.(caseId);
      const asked = await Promise.all(
        by.map(async (name) => {
          const [client, view] = [await world.as(name), await world.view(name, caseId)];
          const {
            method = 'POST' as const,
            path: to,
            body,
          } = act(await world.task(name, caseId, 'examine'), name, view);
          return { client, method, to, body };
        }),
      );
      const results = await Promise.allSettled(
        asked.map(({ client, method, to, body }) => client.send(method, to, body)),
      );
      await world.quiet();
      const lost = results.filter((one) => one.status === 'rejected').map(({ reason }) => reason as Refusal);
      assert.equal(lost.length, 1, lost.map(({ message }) => message).join('\n') || 'both went through');
      assert.match(lost[0]!.message, told);
      const { zh, en, faster } = /"zh":"(?<zh>[^"]*)","en":"(?<en>[^"]*)".*"by":"(?<faster>[^"]*)"/.exec(
        lost[0]!.message,
      )!.groups!;
      for (const text of [zh!, en!]) assert.equal(text.split(faster!).length - 1, 1, `${text} names ${faster} once`);
    });

  describe('where a decision is taken back', () => {
    const begun = async () => {
      const caseId = await world.start('受理岗', { text: '试' });
      const { decisionId } = await world.decide('受理岗', caseId, 'accept', { outcome: 'agree' });
      const task = await world.core.db('task').where({ case_id: caseId, step: 'examine' }).first('id', 'version');
      return { caseId, task, path: `/decisions/${decisionId}/take-back` };
    };
    const refused = async (asked: Promise<unknown>): Promise<string> => {
      const [result] = await Promise.allSettled([asked]);
      assert.ok(result.status === 'rejected', 'it went through');
      return (result.reason as Refusal).message;
    };

    it('and the next step decided: one wins, the other reads who did what when [PLT-1.4, PLT-1.5]', async () => {
      const { task, path: takeBack } = await begun();
      const [first, second] = [await world.as('受理岗'), await world.as('甲')];
      const decision = { version: task.version, outcome: 'agree' };
      const results = await Promise.allSettled([
        first.send('POST', takeBack),
        second.send('POST', `/tasks/${task.id}/decision`, decision),
      ]);
      await world.quiet();
      const lost = results.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Refusal).message] : []));
      assert.equal(lost.length, 1, lost.join('\n') || 'both went through');
      assert.match(lost[0]!, /\d\d:\d\d (.+在「accept」取回自己的决定|甲（.*）在「examine」作出「agree」)/);
    });

    it('while the next step ends the case, the refusal names who decided it [PLT-1.4, PLT-1.5]', async () => {
      const { task, path: takeBack } = await begun();
      const { engine } = world;
      const { tree } = engine;
      engine.tree = async (instance) => {
        engine.tree = tree;
        const decision = { version: task.version, outcome: 'agree' };
        await (await world.as('甲')).send('POST', `/tasks/${task.id}/decision`, decision);
        return tree(instance);
      };
      const said = await refused((await world.as('受理岗')).send('POST', takeBack));
      await world.quiet();
      assert.match(said, /\d\d:\d\d 甲（.*）在「examine」作出「agree」/);
    });

    it('after the next step was taken, the refusal names who took it [PLT-1.4, PLT-1.5]', async () => {
      const { task, path: takeBack } = await begun();
      await (await world.as('甲')).send('POST', `/tasks/${task.id}/claim`, { version: task.version });
      const said = await refused((await world.as('受理岗')).send('POST', takeBack));
      assert.match(said, /「examine」已有人打开。\d\d:\d\d 甲在「examine」签收待办/);
    });

    it('after the next step was opened, the refusal names who opened it [PLT-1.4]', async () => {
      const { task, path: takeBack } = await begun();
      await (await world.as('乙')).send('POST', `/tasks/${task.id}/open`, {});
      const said = await refused((await world.as('受理岗')).send('POST', takeBack));
      assert.match(said, /「examine」已由乙 \d\d:\d\d 打开/);
    });

    it('and the next step claimed afterwards, the refusal names who took it back [PLT-1.4, PLT-1.5]', async () => {
      const { task, path: takeBack } = await begun();
      await (await world.as('受理岗')).send('POST', takeBack);
      await world.quiet();
      const said = await refused(
        (await world.as('甲')).send('POST', `/tasks/${task.id}/claim`, { version: task.version }),
      );
      assert.match(said, /\d\d:\d\d .+在「accept」取回自己的决定/);
    });
  });
});
