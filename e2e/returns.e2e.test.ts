/** A task sent back and a decision taken back in a real browser, with what that does shown before. */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../api/src/tasks/testing.ts';
import { builtPages, inOrder, onPhone, openBrowser, openPage, overflowOf, signIn, STEP_MS } from './browser.ts';
import { waitFor } from './steps.ts';

const agree = [outcome('agree', { zh: '同意', kind: 'primary' })];
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [
    start,
    '<bpmn:exclusiveGateway id="begun" name="begun" />',
    user('accept', 'cma.acceptance', agree, { actions: 'take-back', edits: 'report' }),
    '<bpmn:parallelGateway id="fork" name="fork" />',
    user('check', 'cma.acceptance', [...agree, outcome('anew', { zh: '重新办理' })], { limit: 'P5WD' }),
    '<bpmn:boundaryEvent id="late" name="late" attachedToRef="check"><bpmn:timerEventDefinition id="lateTimer" /></bpmn:boundaryEvent>',
    '<bpmn:exclusiveGateway id="checked" name="checked" />',
    user('review', 'cma.acceptance', agree, { actions: 'return', returnTo: 'accept,check' }),
    '<bpmn:parallelGateway id="join" name="join" />',
    '<bpmn:exclusiveGateway id="ended" name="ended" default="ended-done" />',
    end('done'),
    path('start begun accept fork check checked join ended done'),
    path('late checked'),
    path('fork review join'),
    `<bpmn:sequenceFlow id="again" name="again" sourceRef="ended" targetRef="begun"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${check_outcome == 'anew'}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
  ].join(''),
};
const BY = '南明区受理岗';

describe('returns in the browser', function () {
  this.timeout(10 * STEP_MS);
  inOrder(this);
  let world: FlowWorld;
  let browser: Browser;
  let page: Page;
  let caseId: string;
  /** What happens once between the request of a move and its execution. */
  let meanwhile: (() => Promise<unknown>) | null = null;

  before(async () => {
    const failpoints = {
      async hit(name: string): Promise<void> {
        if (name !== 'command.move.before') return;
        const act = meanwhile;
        meanwhile = null;
        await act?.();
      },
    };
    world = await openFlowWorld('returns-look', FLOW, { webDir: await builtPages(), failpoints });
    await world.person('许同办', '520102', ['cma.acceptance']);
    caseId = await world.start(BY, { name: '试验' });
    await world.decide(BY, caseId, 'accept', { outcome: 'agree', opinion: '符合条件' });
    browser = await openBrowser();
    page = await openPage(browser, world.url);
    await signIn(page, world.people[BY]!);
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  it('take a decision back from the done list [PLT-1.4]', async () => {
    await page.goto('/done');
    await page.getByRole('button', { name: '取回…' }).click();
    const dialog = page.getByRole('dialog');
    await waitFor(dialog.getByText('取消 2 项，保留 0 项，新建 1 项'));
    const phone = await onPhone(page);
    await phone.getByRole('button', { name: '取回…' }).click();
    await waitFor(phone.getByText('取消 2 项，保留 0 项，新建 1 项'));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
    await dialog.getByRole('button', { name: '取回「同意」' }).click();
    await waitFor(page.getByText('已取回到「accept」'));
    await world.quiet();
    assert.deepEqual(
      (await world.view(BY, caseId)).tasks.map((task) => task.step),
      ['accept'],
    );
    await world.decide(BY, caseId, 'accept', { outcome: 'agree', opinion: '符合条件' });
  });

  it('show what ends, stays and begins before a task is sent back, also on a phone [PLT-1.3]', async () => {
    const { id } = await world.task(BY, caseId, 'review');
    await page.goto(`/cases/${caseId}?task=${id}`);
    await page.getByRole('button', { name: '退回…' }).click();
    const dialog = page.getByRole('dialog');
    await waitFor(dialog.getByText('取消 2 项，保留 0 项，新建 1 项'));
    const target = (step: string) => dialog.getByRole('radio', { name: new RegExp(`^${step}`) });
    assert.equal(await target('check').isDisabled(), true);
    assert.equal(await target('accept').isChecked(), true);
    assert.equal(await dialog.getByRole('radio', { name: /^直接回到我/ }).isChecked(), true);
    await waitFor(dialog.locator('.djs-container'));
    const phone = await onPhone(page);
    await phone
      .getByRole('button', { name: /退回|更多操作/ })
      .first()
      .click();
    await waitFor(phone.getByText('取消 2 项，保留 0 项，新建 1 项'));
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
    await dialog.getByRole('button', { name: '退回到「accept」，取消 2 项' }).click();
    await waitFor(dialog.getByText('「退回」须写明理由'));
    await dialog.getByLabel('退回原因').fill('记录不全');
    await dialog.getByRole('button', { name: '逐项指明要改的内容（0 项）' }).click();
    await dialog.getByRole('button', { name: '表格以外的字段' }).click();
    await dialog.getByText('名称').first().click();
    await dialog.getByRole('button', { name: '退回到「accept」，取消 2 项' }).click();
    await waitFor(dialog.getByText('写明这一项的理由'));
    await dialog.getByLabel('理由和要求').fill('写全称');
    await dialog.getByRole('button', { name: '退回到「accept」，取消 2 项' }).click();
    await waitFor(page.getByText('已退回到「accept」'));
    await world.quiet();
    const { pins } = await world.task(BY, caseId, 'accept');
    assert.deepEqual(pins, [{ path: 'name', item: '名称', reason: '写全称' }]);
    await world.decide(BY, caseId, 'accept', { outcome: 'agree' });
    const { tasks } = await world.view(BY, caseId);
    assert.deepEqual(tasks.map((task) => task.step).sort(), ['check', 'review']);
  });

  it('put a case on the newest release, with what changes shown before [PLT-3.8]', async () => {
    await world.release({ ...FLOW, model: FLOW.model.replace('name="review"', 'name="复核"') });
    const operator = await openPage(browser, world.url);
    await signIn(operator, world.people['运维']!);
    await operator.goto('/migrations');
    await operator.getByRole('button', { name: '换用新版' }).click();
    const dialog = operator.getByRole('dialog');
    await waitFor(dialog.getByText('改称「复核」'));
    await dialog.getByRole('button', { name: '换用新版' }).click();
    await waitFor(dialog.getByText('写明换用的原因'));
    await dialog.getByLabel('换用的原因').fill('改了名称');
    await dialog.getByRole('button', { name: '换用新版' }).click();
    await waitFor(operator.getByText('在办的办件都用最新的流程'));
    assert.equal((await world.task(BY, caseId, 'review')).stepName, '复核');
  });

  /** The dialog of a return from `review`, with its reason. */
  async function askBack(of: string) {
    const { id } = await world.task(BY, of, 'review');
    await page.goto(`/cases/${of}?task=${id}`);
    await page.getByRole('button', { name: '退回…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('退回原因').fill('记录不全');
    const send = dialog.getByRole('button', { name: /^退回到「accept」/ });
    return { dialog, send };
  }
  async function underReview(): Promise<string> {
    const of = await world.start(BY, { name: '试验' });
    await world.decide(BY, of, 'accept', { outcome: 'agree' });
    return of;
  }

  it('by two people at once: who comes second reads who did what, sees the effects anew and may still go on [PLT-1.3, PLT-1.5]', async () => {
    const of = await underReview();
    const { dialog, send } = await askBack(of);
    await waitFor(dialog.getByText('取消 2 项，保留 0 项，新建 1 项'));
    await world.decide('许同办', of, 'check', { outcome: 'agree' });
    await send.click();
    const note = await waitFor(dialog.getByRole('alert').filter({ hasText: '流程刚有变化' }));
    assert.match(await note.innerText(), /\d\d:\d\d 许同办（.+）在「check」作出「同意」/);
    const phone = await onPhone(page);
    assert.equal(await overflowOf(phone), 0);
    await phone.close();
    await send.click();
    await waitFor(page.getByText('已退回到「accept」'));
    await world.quiet();
    const { tasks } = await world.view(BY, of);
    assert.deepEqual(
      tasks.map((task) => task.step),
      ['accept'],
    );
  });

  it('that a timer overtakes between click and execution are not carried out, and are shown anew [PLT-1.3]', async () => {
    const of = await underReview();
    const { dialog, send } = await askBack(of);
    const timer = await world.core.db('clock_timer').where({ case_id: of, boundary: 'late' }).first('job_id');
    meanwhile = () => world.engine.executeJob(timer.job_id);
    await send.click();
    await waitFor(dialog.getByRole('alert').filter({ hasText: '流程刚有变化' }));
    await world.quiet();
    const { tasks } = await world.view(BY, of);
    assert.deepEqual(
      tasks.map((task) => task.step),
      ['review'],
    );
    const { state } = await world.core.db('move').where({ case_id: of }).first('state');
    assert.equal(state, 'overtaken');
    await send.click();
    await waitFor(page.getByText('已退回到「accept」'));
    await waitFor(page.getByText('上述变动没有执行：流程已先有变化'));
  });

  it('that the engine refuses for good say so with the code that the operators have, and nothing is lost [PLT-1.3, PLT-11.1]', async () => {
    const of = await underReview();
    const { dialog, send } = await askBack(of);
    meanwhile = () =>
      world.core
        .db('move')
        .where({ case_id: of })
        .update({ plan: world.core.db.raw(`jsonb_set(plan, '{start,0,activityId}', '"nowhere"')`) });
    await send.click();
    const note = await waitFor(dialog.getByRole('alert').filter({ hasText: '没有办成，已报运维' }));
    const [code] = /E-\w+/.exec(await note.innerText())!;
    const incidents = await world.core.db('incident').where({ case_id: of, code, state: 'open' });
    assert.equal(incidents.length, 1);
    assert.equal((await world.view(BY, of)).tasks.length, 2);
    await send.click();
    await waitFor(page.getByText('已退回到「accept」'));
  });
});
