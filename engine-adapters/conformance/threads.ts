import assert from 'node:assert/strict';
import type { ActivityNode, MoveInstruction } from '../port/index.ts';
import type { Given } from './index.ts';
import { refuses, type Case } from './kit.ts';
import { end, flow, gateway, path, start, sub, user } from './models.ts';

const MANY = Array.from({ length: 8 }, (_, index) => `e${index}`).join(',');

/** A thread per expert: visit, then by its outcome redo or report; an exit inside; a step after all threads. */
const site = (inputs: Record<string, string | null>) => {
  const thread = [
    ...[start('ss'), user('visit'), gateway('exclusive', 'g', 'g-report'), user('redo'), user('report'), end('se')],
    ...[path('ss visit g report se'), flow('g', 'redo', "visit_outcome == 'redo'"), path('redo se')],
    ...[user('drop'), end('dropped'), path('drop dropped')],
  ];
  const threads = sub('site', thread, { each: { list: 'experts', as: 'expert' }, inputs });
  return [start('s'), threads, user('post'), end('e'), path('s site post e')];
};

export function threads(on: Given): void {
  describe('threads [ENGINE 6, 19]', () => {
    const declared = { visit_outcome: null, who: '${expert}' };
    let definition: string;
    before(async () => {
      definition = await on.deploy('experts', site(declared));
    });

    const experts = (list: string | null) => on.begin(definition, { experts: list });
    const locals = (it: Case, name: string) =>
      on.sql<{ value: string | null; top: boolean }>(
        `select text_ as value, var_scope_ = proc_inst_id_ as top from engine.act_ru_variable
         where proc_inst_id_ = $1 and name_ = $2 order by text_`,
        [it.id, name],
      );
    /** The thread of an expert: its node in the tree and the step that it is at. */
    const threadOf = async (it: Case, expert: string): Promise<ActivityNode> => {
      const [{ scope }] = (await on.sql(
        `select act_inst_id_ as scope from engine.act_ru_execution e join engine.act_ru_variable v on v.execution_id_ = e.id_
         where v.proc_inst_id_ = $1 and v.name_ = 'expert' and v.text_ = $2`,
        [it.id, expert],
      )) as [{ scope: string }];
      return (await on.nodes(it, 'site')).find((node) => node.id === scope)!;
    };
    const completeIn = async (it: Case, expert: string, outcome?: string) => {
      const [at] = (await threadOf(it, expert)).children;
      await on.port.complete(at!.taskIds![0]!, outcome ? { visit_outcome: outcome } : {});
    };

    it('are as many as the comma list has entries, and none for an empty one or null', async () => {
      assert.equal((await on.nodes(await experts('zhang, li,wang'), 'visit')).length, 3);
      assert.equal(await on.shape(await experts('')), '(post)');
      assert.equal(await on.shape(await experts(null)), '(post)');
    });

    it('keep declared outcomes apart, each in its thread', async () => {
      const it = await experts('li,wang,zhang');
      await completeIn(it, 'zhang', 'redo');
      await completeIn(it, 'li', 'ok');
      await completeIn(it, 'wang');
      assert.equal(await on.shape(it), '(site#multiInstanceBody(site(redo) site(report) site(report)))');
      assert.deepEqual(await locals(it, 'visit_outcome'), [
        { value: 'ok', top: false },
        { value: 'redo', top: false },
        { value: null, top: false },
      ]);
      assert.deepEqual(
        (await locals(it, 'who')).map(({ value }) => value),
        ['li', 'wang', 'zhang'],
      );
    });

    it('overwrite an outcome that is not declared: it lands on the process instance', async () => {
      const it = await on.run('undeclared', site({}), { variables: { experts: 'li,wang', visit_outcome: null } });
      await completeIn(it, 'li', 'redo');
      await completeIn(it, 'wang', 'ok');
      assert.deepEqual(await locals(it, 'visit_outcome'), [{ value: 'ok', top: true }]);
    });

    it('do not get in one another’s way before they end', async () => {
      const it = await experts(MANY);
      const visits = await on.nodes(it, 'visit');
      await Promise.all(
        visits.map(({ taskIds }, index) =>
          on.port.complete(taskIds![0]!, { visit_outcome: index % 2 ? 'redo' : 'ok' }),
        ),
      );
      assert.equal((await on.nodes(it, 'redo')).length, 4);
      assert.equal((await on.nodes(it, 'report')).length, 4);
    });

    it('are added with their local variable, and counted', async () => {
      const it = await experts('li,wang');
      await on.port.move(it.id, [{ kind: 'start', activityId: 'site', local: { expert: 'zhao' } }]);
      assert.equal((await threadOf(it, 'zhao')).children[0]!.activityId, 'visit');
      for (const expert of ['zhao', 'li', 'wang']) {
        await completeIn(it, expert);
        await completeIn(it, expert);
      }
      assert.equal(await on.shape(it), '(post)');
    });

    it('are removed by a cancel; the last one by a move to what follows', async () => {
      const it = await experts('li,wang');
      const remove = async (expert: string): Promise<MoveInstruction> => ({
        kind: 'cancel',
        instanceId: (await threadOf(it, expert)).id,
      });
      await on.port.move(it.id, [{ kind: 'start', activityId: 'site', local: { expert: 'zhao' } }, await remove('li')]);
      await on.port.move(it.id, [
        { kind: 'start', activityId: 'site', local: { expert: 'sun' } },
        await remove('wang'),
      ]);
      assert.equal((await on.nodes(it, 'site')).length, 2);
      await on.port.move(it.id, [{ kind: 'start', activityId: 'post' }, await remove('zhao'), await remove('sun')]);
      assert.equal(await on.shape(it), '(post)');
    });

    it('are entered with their ancestor only, and keep the others as they are', async () => {
      const it = await experts('li,wang');
      await completeIn(it, 'li', 'redo');
      const thread = await threadOf(it, 'li');
      const cancel: MoveInstruction = { kind: 'cancel', instanceId: thread.children[0]!.id };
      await refuses(on.port.move(it.id, [{ kind: 'start', activityId: 'visit' }, cancel]), {
        kind: 'invalid',
        code: 'ancestor-needed',
      });
      const back: MoveInstruction = {
        ...{ kind: 'start', activityId: 'visit', ancestor: thread.id },
        variables: { visit_outcome: null },
      };
      await on.port.move(it.id, [back, cancel]);
      const after = await threadOf(it, 'li');
      assert.equal(after.id, thread.id);
      assert.equal(after.children[0]!.activityId, 'visit');
      assert.deepEqual(await locals(it, 'visit_outcome'), [
        { value: null, top: false },
        { value: null, top: false },
      ]);
    });

    it('end by an exit that begins with a step that waits, also the last one', async () => {
      const it = await experts('li,wang');
      for (const expert of ['li', 'wang']) {
        const thread = await threadOf(it, expert);
        await on.port.move(it.id, [
          { kind: 'start', activityId: 'drop', ancestor: thread.id },
          { kind: 'cancel', instanceId: thread.children[0]!.id },
        ]);
        await completeIn(it, expert);
      }
      assert.equal(await on.shape(it), '(post)');
    });
  });
}
