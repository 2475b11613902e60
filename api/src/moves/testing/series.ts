/**
 * For tests: one case of a generated flow driven through the public API. After each act what the product shows is held
 * against the book of the case.
 */
import assert from 'node:assert/strict';
import type { WorkingDays } from '../../calendar/index.ts';
import type { FlowWorld } from '../../tasks/testing.ts';
import { called, createCaseBook, type Exit } from './case-book.ts';
import { createFinder, type OpenTask } from './case-found.ts';
import type { Deed } from './deeds.ts';
import { DISTRICTS, EXITS, type FlowStep, type GeneratedFlow } from './parts.ts';
import { COUNTERSIGNER, OFFICERS, OPERATOR, STARTER } from './people.ts';

type Did = 'answered' | 'returned' | 'straight' | 'lapsed' | 'fired' | 'typed' | 'takenBack' | 'migrated' | 'left';
export type Tally = Partial<Record<Did, number>>;
const DAY_MS = 86_400_000;

export async function driveCase(world: FlowWorld, given: GeneratedFlow, series: Deed[]): Promise<Tally> {
  const { db, engine, time } = world.core;
  const calendar: WorkingDays = await world.app.calendar.days();
  const caseId = await world.start(STARTER, { name: '试', districts: DISTRICTS.map((id) => ({ id, label: '' })) });
  const finder = await createFinder(world, caseId);
  const book = createCaseBook(given, calendar, { at: time.now(), lines: await finder.lines() });
  const tally: Tally = {};
  let said = 'the start';
  let typed = 0;

  await check();
  for (const one of series) {
    if (book.left() || book.open().length === 0) break;
    if (one.days > 0) time.advanceTo(new Date(time.now().getTime() + one.days * DAY_MS));
    said = JSON.stringify(one);
    const did = await carryOut(one);
    if (!did) continue;
    count(did);
    await check();
  }
  await finish();
  return tally;

  function count(did: Did): void {
    tally[did] = (tally[did] ?? 0) + 1;
  }

  async function carryOut(one: Deed): Promise<Did | null> {
    const open = book.open();
    const corrected = book.corrector()?.step;
    const step = corrected && one.at % 2 === 0 ? corrected : open[one.at % open.length]!;
    switch (one.do) {
      case 'answer':
        return answer(step, one.other && !step.quorum ? 'other' : 'go', one.at);
      case 'type':
        return type(step, one.at);
      case 'return':
        return sendBack(corrected ?? step, one);
      case 'fire':
        return fire(open, one.at);
      case 'take-back':
        return takeBack(one.at);
      case 'migrate':
        return migrate();
      default:
        return leave(one.do);
    }
  }

  /** Who is asked next at a step: its holder, else whoever of its groups has not answered. */
  function personAt(step: FlowStep, which: number): string {
    const holder = book.holder(step);
    if (holder) return holder;
    return book.answered(step).some((by) => by !== COUNTERSIGNER) ? COUNTERSIGNER : OFFICERS[which % OFFICERS.length]!;
  }

  async function taskAt({ id, thread }: FlowStep): Promise<OpenTask> {
    const task = (await finder.tasks()).find((one) => one.step === id && one.thread === thread);
    assert.ok(task, `${called({ id, thread })} is open`);
    return task;
  }

  async function send(by: string, method: 'POST' | 'PUT', path: string, body: object = {}): Promise<void> {
    const client = await world.as(by);
    await client.send(method, path, body);
    await world.quiet();
  }

  async function answer(step: FlowStep, outcome: string, which: number): Promise<Did> {
    const by = personAt(step, which);
    const { id, version } = await taskAt(step);
    const opinion = which % 2 === 0 ? '' : `意见${which}`;
    await send(by, 'POST', `/tasks/${id}/decision`, { version, outcome, opinion });
    return book.answer(step, { by, outcome, opinion, at: time.now() }) ? 'straight' : 'answered';
  }

  async function type(step: FlowStep, which: number): Promise<Did | null> {
    const by = personAt(step, which);
    if (book.hasDraft(step, by)) return null;
    const { id } = await taskAt(step);
    const opinion = `写到一半${(typed += 1)}`;
    await send(by, 'PUT', `/tasks/${id}/opinion`, { opinion });
    book.typed(step, by, opinion);
    return 'typed';
  }

  async function sendBack(from: FlowStep, { at, to: which, straight }: Deed & { do: 'return' }): Promise<Did | null> {
    if (!book.open().includes(from)) return null;
    const targets = book.targets(from);
    const to = targets[which % targets.length];
    if (!to) return null;
    const by = personAt(from, at);
    const { id } = await taskAt(from);
    const goesStraight = straight && book.mayBeStraight(to);
    const mode = goesStraight ? 'straight-back' : 'replay';
    await send(by, 'POST', `/tasks/${id}/return`, { to: to.id, mode, reason: '材料不全' });
    book.sendBack(to, { by, straight: goesStraight, at: time.now() });
    return 'returned';
  }

  async function fire(open: FlowStep[], which: number): Promise<Did | null> {
    const timed = open.filter((step) => step.timer !== 'none' && !book.fired(step));
    const corrected = book.corrector()?.step;
    const step = timed.includes(corrected!) ? corrected! : timed[which % timed.length];
    if (!step) return null;
    const { id: taskId } = await taskAt(step);
    const timer = await db('clock_timer')
      .where({ task_id: taskId, boundary: `${step.id}Late`, ended_tx: null })
      .first();
    time.advanceTo(new Date(Math.max(time.now().getTime(), timer.due.getTime() + 9 * 3_600_000)));
    await engine.executeJob(timer.job_id);
    await world.quiet();
    return book.fire(step, timer.due) ? 'lapsed' : 'fired';
  }

  async function takeBack(which: number): Promise<Did | null> {
    const takeable = book.takeable();
    const found = takeable[which % takeable.length];
    if (!found) return null;
    const decisions: { id: string; task_id: string }[] = await db('decision')
      .where({ case_id: caseId, step: found.step.id, state: 'done', voided_by: null })
      .orderBy('decided_at', 'desc');
    const decision = decisions.find((one) => finder.threadOf(one.task_id) === found.step.thread)!;
    await send(found.by, 'POST', `/decisions/${decision.id}/take-back`);
    book.takeBack(found.step, time.now());
    return 'takenBack';
  }

  async function migrate(): Promise<Did | null> {
    if (book.isMigrated()) return null;
    await world.release(given.next);
    await send(OPERATOR, 'POST', `/cases/${caseId}/migration`, { reason: '新版改期限' });
    book.migrate(OPERATOR);
    return 'migrated';
  }

  async function leave(how: Exit): Promise<Did> {
    const by = how === 'withdraw' ? STARTER : OFFICERS[0]!;
    await send(by, 'POST', `/cases/${caseId}/${how}`, { reason: '不再办理' });
    book.leave(how, { by, at: time.now() });
    return 'left';
  }

  /** Answers with the outcome on the shortest way to the end. */
  async function finish(): Promise<void> {
    said = 'the end';
    for (let most = 3 * given.steps.length; book.open().length > 0 && !book.left(); most -= 1) {
      assert.ok(most > 0, 'the case does not come to its end');
      const [step] = book.open();
      const back = book.corrector();
      count(await answer(step!, back?.step === step ? back!.outcome : 'go', 0));
      await check();
    }
    const left = book.left();
    if (left) await world.decide(OFFICERS[0]!, caseId, EXITS[left], { outcome: 'go' });
    assert.equal((await world.view(STARTER, caseId)).result, left ?? 'done');
  }

  async function check(): Promise<void> {
    if (book.open().length === 0) return;
    const shown = book.shown(time.now());
    const found = await finder.shown(book.left() !== null);
    for (const what of Object.keys(found) as (keyof typeof found)[])
      assert.deepEqual(
        found[what],
        shown[what],
        `${what} after ${said}: ${JSON.stringify({ found: found[what], wanted: shown[what] })}`,
      );
  }
}
