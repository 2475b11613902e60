/**
 * For tests: cases of generated flows driven through the public API. After each act the oracle (RULES, Decisions and
 * moves) is held against places, answers and clocks that are told without the planner.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WorkingDays } from '../../calendar/index.ts';
import { compute, type ClockEvent } from '../../clocks/index.ts';
import { endOfDay, shanghaiDay } from '../../core/index.ts';
import type { FlowWorld } from '../../tasks/testing.ts';
import { CONCLUDED, EXITS, LIMITS, WHOLE, type FlowStep, type GeneratedFlow } from './flows.ts';
import { createPlaces, type Places } from './places.ts';

/** What people do, each so many days after the last; choices are taken modulo what there is to choose from. */
export type Deed = { days: number; at: number } & (
  | { do: 'answer'; other: boolean }
  | { do: 'return'; to: number; straight: boolean }
  | { do: 'fire' | 'take-back' | 'migrate' | 'withdraw' | 'terminate' }
);
type Did = 'answered' | 'returned' | 'straight' | 'lapsed' | 'fired' | 'takenBack' | 'migrated' | 'left';
export type Tally = Partial<Record<Did, number>>;

const when = { days: fc.nat(2), at: fc.nat(7) };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ ...when, do: fc.constant('answer' as const), other: fc.nat(3).map((n) => n === 0) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ ...when, do: fc.constant('return' as const), to: fc.nat(7), straight: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ ...when, do: fc.constant('fire' as const) }) },
  { weight: 2, arbitrary: fc.record({ ...when, do: fc.constant('take-back' as const) }) },
  { weight: 1, arbitrary: fc.record({ ...when, do: fc.constant('migrate' as const) }) },
);
const exit = fc.record({ ...when, do: fc.constantFrom('withdraw' as const, 'terminate' as const) });
export const deeds: fc.Arbitrary<Deed[]> = fc
  .tuple(fc.array(deed, { minLength: 8, maxLength: 12 }), fc.option(exit, { freq: 2 }))
  .map(([series, last]) => (last ? [...series, last] : series));

export const STARTER = '南明区受理岗';
/** Who may answer each step, and whose group's second answer a countersigned step needs. */
export const OFFICERS = ['甲', '乙'];
export const COUNTERSIGNER = '丙';
const OPERATOR = '运维';

interface Entry {
  kind: 'decision' | 'answer';
  step: string;
  by: string;
  outcome: string;
  void: boolean;
  /** A correction that went straight back: what it goes on from is the decision before. */
  straight?: boolean;
  /** Of an answer: it has become part of a decision. */
  decided?: Entry;
}
/** A return whose corrector goes straight back. */
interface Pending {
  step: FlowStep;
  was: Places;
  /** What a replay would make void. */
  undone: Entry[];
  /** Steps that the return ended; what was answered there goes on with a straight back. */
  cut: string[];
  outcome: string;
}

export async function driveCase(world: FlowWorld, given: GeneratedFlow, series: Deed[]): Promise<Tally> {
  const { db, engine, time } = world.core;
  const model = createPlaces(given);
  const calendar: WorkingDays = await world.app.calendar.days();
  const names = await titlesOf(world);
  const caseId = await world.start(STARTER, { name: '试' });
  const { engine_instance_id: instanceId } = await db('case').where({ id: caseId }).first();
  const lines: string[] = await personLines();
  const tally: Tally = {};
  const book: Entry[] = [];
  const pending: Pending[] = [];
  const visits: Record<string, { visit: number; at: Date; holder: string | null }> = {};
  const whole: ClockEvent[] = [];
  const concluded: ClockEvent[] = [];
  let places = model.begin();
  let left: keyof typeof EXITS | null = null;
  let migrated = false;
  let said = 'the start';

  enter(places, time.now(), []);
  await check();
  for (const one of series) {
    if (left || model.open(places).length === 0) break;
    if (one.days > 0) time.advanceTo(new Date(time.now().getTime() + one.days * 86_400_000));
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
    const open = model.open(places);
    const corrected = pending.at(-1)?.step;
    const step = corrected && one.at % 2 === 0 ? corrected : open[one.at % open.length]!;
    switch (one.do) {
      case 'answer':
        return answer(step, one.other && !step.quorum ? 'other' : 'go', one.at);
      case 'return':
        return sendBack(corrected ?? step, one);
      case 'fire':
        return fire(open);
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
    const { holder } = visits[step.id]!;
    if (holder) return holder;
    const officer = OFFICERS[which % OFFICERS.length]!;
    const gave = book.filter((one) => one.step === step.id && one.kind === 'answer' && !one.void && !one.decided);
    return gave.some(({ by }) => by !== COUNTERSIGNER) ? COUNTERSIGNER : officer;
  }

  async function answer(step: FlowStep, outcome: string, which: number): Promise<Did> {
    const by = personAt(step, which);
    await world.decide(by, caseId, step.id, { outcome });
    lines.push(`${step.quorum ? 'task.answer' : 'task.decide'} ${by}`);
    const begun = book.filter((one) => one.step === step.id && one.kind === 'answer' && !one.void && !one.decided);
    const entry: Entry = { kind: 'decision', step: step.id, by, outcome, void: false };
    if (step.quorum) {
      begun.push({ ...entry, kind: 'answer' });
      book.push(begun.at(-1)!);
      if (begun.length < 2) return 'answered';
      for (const one of begun) one.decided = entry;
    }
    const back = pending.at(-1)?.step === step ? pending.pop()! : null;
    const straight = back?.outcome === outcome;
    if (straight) entry.straight = true;
    if (back && !straight) undo(back);
    book.push(entry);
    happened(step, time.now());
    go(straight ? model.straight(places, back.was, step) : model.finish(places, step), time.now());
    return straight ? 'straight' : 'answered';
  }

  async function sendBack(from: FlowStep, { at, to: which, straight }: Deed & { do: 'return' }): Promise<Did | null> {
    if (pending.length > 0 && !model.open(places).includes(from)) return null;
    const targets = given.steps.filter((step) => step !== from && model.behind(step).includes(from.id) && last(step));
    const to = targets[which % targets.length];
    if (!to) return null;
    const by = personAt(from, at);
    const { id } = await world.task(by, caseId, from.id);
    const mode = straight ? 'straight-back' : 'replay';
    const body = { to: to.id, mode, reason: '材料不全' };
    await (await world.as(by)).send('POST', `/tasks/${id}/return`, body);
    lines.push(`task.return ${by}`);
    await world.quiet();
    const back = { ...undoneBy(to), step: to, was: places, outcome: last(to)!.outcome };
    if (straight) pending.push(back);
    else undo(back);
    go(model.back(places, to), time.now());
    return 'returned';
  }

  async function fire(open: FlowStep[]): Promise<Did | null> {
    const step = [...pending.map((one) => one.step).reverse(), ...open].find((one) => one.timed && open.includes(one));
    if (!step) return null;
    const boundary = `${step.id}Late`;
    const timer = await db('clock_timer').where({ case_id: caseId, boundary }).whereNull('ended_tx').first();
    time.advanceTo(new Date(Math.max(time.now().getTime(), timer.due.getTime() + 9 * 3_600_000)));
    await engine.executeJob(timer.job_id);
    await world.quiet();
    const back = pending.at(-1)?.step === step ? pending.pop()! : null;
    if (back) undo(back);
    happened(step, timer.due);
    go(model.finish(places, step), timer.due);
    return back ? 'lapsed' : 'fired';
  }

  /** The last answer to a step, where nothing was answered behind it; who took it takes it back. */
  async function takeBack(which: number): Promise<Did | null> {
    if (pending.length > 0) return null;
    const open = model.open(places);
    const free = given.steps.filter((step) => {
      const entry = last(step);
      if (!entry || open.includes(step)) return false;
      const since = book.slice(book.indexOf(entry) + 1).filter((one) => !one.void);
      return since.every((one) => !model.behind(step).includes(one.step));
    });
    const step = free[which % free.length];
    if (!step) return null;
    const { by } = last(step)!;
    const decision = await db('decision')
      .where({ case_id: caseId, step: step.id, state: 'done', voided_by: null })
      .orderBy('decided_at', 'desc')
      .first('id');
    await (await world.as(by)).send('POST', `/decisions/${decision.id}/take-back`);
    lines.push(`decision.taken-back ${by}`);
    await world.quiet();
    undo(undoneBy(step));
    go(model.back(places, step), time.now());
    return 'takenBack';
  }

  async function migrate(): Promise<Did | null> {
    if (migrated) return null;
    await world.release(given.next);
    const client = await world.as(OPERATOR);
    await client.send('POST', `/cases/${caseId}/migration`, { reason: '新版改期限' });
    lines.push(`case.migrate ${OPERATOR}`);
    await world.quiet();
    migrated = true;
    return 'migrated';
  }

  async function leave(how: 'withdraw' | 'terminate'): Promise<Did> {
    const by = how === 'withdraw' ? STARTER : OFFICERS[0]!;
    await (await world.as(by)).send('POST', `/cases/${caseId}/${how}`, { reason: '不再办理' });
    lines.push(`case.${how} ${by}`);
    await world.quiet();
    pending.length = 0;
    left = how;
    stand(time.now(), []);
    return 'left';
  }

  /** Answers with the outcome on the shortest way to the end. */
  async function finish(): Promise<void> {
    said = 'the end';
    for (let most = 3 * given.steps.length; model.open(places).length > 0 && !left; most -= 1) {
      assert.ok(most > 0, 'the case does not come to its end');
      const [step] = model.open(places);
      count(await answer(step!, pending.at(-1)?.step === step ? pending.at(-1)!.outcome : 'go', 0));
      await check();
    }
    if (left) await world.decide(OFFICERS[0]!, caseId, EXITS[left], { outcome: 'go' });
    assert.equal((await world.view(STARTER, caseId)).result, left ?? 'done');
  }

  function last(step: FlowStep): Entry | undefined {
    return book.findLast((one) => one.step === step.id && one.kind === 'decision' && !one.void);
  }

  function undoneBy(to: FlowStep): Pick<Pending, 'undone' | 'cut'> {
    const behind = model.behind(to);
    const since = book.findLastIndex(
      (one) => one.kind === 'decision' && one.step === to.id && !one.void && !one.straight,
    );
    const decisions = book.slice(since).filter((one) => one.kind === 'decision' && behind.includes(one.step));
    const answers = book.filter(
      (one) => one.kind === 'answer' && (one.decided ? decisions.includes(one.decided) : behind.includes(one.step)),
    );
    const open = model.open(places).map(({ id }) => id);
    return { undone: [...decisions, ...answers], cut: open.filter((id) => behind.includes(id)) };
  }

  /** A straight back that comes to nothing ends those that wait behind it too. */
  function undo({ undone }: Pick<Pending, 'undone'>): void {
    for (const one of undone) one.void = true;
    pending.length = 0;
  }

  function happened({ id }: FlowStep, at: Date): void {
    if (id === given.steps[0]!.id && whole.length === 0) whole.push({ kind: 'start', at });
    if (id === given.concludes && concluded.at(-1)?.kind !== 'start') concluded.push({ kind: 'start', at });
  }

  function go(next: Places, at: Date): void {
    const before = model.open(places);
    places = next;
    enter(next, at, before);
  }

  function enter(next: Places, at: Date, before: FlowStep[]): void {
    const open = model.open(next);
    for (const { id, quorum } of open.filter((step) => !before.includes(step))) {
      const visit = (visits[id]?.visit ?? 0) + 1;
      const decider = book.findLast((one) => one.step === id && one.kind === 'decision')?.by ?? null;
      visits[id] = { visit, at, holder: quorum || visit === 1 ? null : decider };
      if (id === given.concludes && concluded.at(-1)?.kind === 'start') concluded.push({ kind: 'end', at });
    }
    stand(at, open);
  }

  function stand(at: Date, open: FlowStep[]): void {
    const stops = open.some((step) => step.stops);
    const lastOne = whole.at(-1)?.kind;
    if (lastOne && stops !== (lastOne === 'stop')) whole.push({ kind: stops ? 'stop' : 'resume', at });
  }

  function reading(events: ClockEvent[], limit: string) {
    const { state, dueOn } = compute(events, limit, calendar, shanghaiDay(time.now()));
    return { state, due: dueOn };
  }

  async function personLines(): Promise<string[]> {
    const rows = await db('audit').where({ case_id: caseId }).whereNotNull('person_id').orderBy('sequence');
    return rows.map(({ action, person_id: id }) => `${action} ${names.get(id)}`);
  }

  async function check(): Promise<void> {
    const open = model.open(places);
    if (open.length === 0) return;
    const same = (found: unknown, wanted: unknown, what: string) =>
      assert.deepEqual(found, wanted, `${what} after ${said}: ${JSON.stringify({ found, wanted })}`);
    const steps = left ? [EXITS[left]] : open.map(({ id }) => id).sort();
    const view = await world.view(STARTER, caseId);
    same(view.tasks.map(({ step }) => step).sort(), steps, 'open steps of the view');
    const tasks = await engine.tree(instanceId);
    same(leaves(tasks).sort(), steps, 'open steps of the engine');
    if (left) return same(await personLines(), lines, 'lines of people');

    const held: { step: string; holder: string | null; state: string }[] = await db('task')
      .where({ case_id: caseId, ended_at: null })
      .orderBy('step');
    same(
      held.map(({ step, holder, state }) => [step, holder && names.get(holder), state]),
      steps.map((id) => [id, visits[id]!.holder, 'open']),
      'holders',
    );
    for (const kind of ['decision', 'answer'] as const) {
      const rows = await db(kind).where({ case_id: caseId }).whereNot({ state: 'held' });
      const found = rows.map((row) => {
        const gone = kind === 'decision' ? row.voided_by !== null : row.state === 'void';
        return `${row.step} ${names.get(row.person_id)} ${row.outcome} ${gone ? 'void' : 'counts'}`;
      });
      const wanted = book.filter((one) => one.kind === kind);
      same(
        found.sort(),
        wanted.map((one) => `${one.step} ${one.by} ${one.outcome} ${one.void ? 'void' : 'counts'}`).sort(),
        `${kind}s`,
      );
    }

    const clocks: { id: string; state: string; due_on: string | null }[] = await db('clock')
      .where({ case_id: caseId })
      .whereRaw(`(state <> 'ended' or id not like 'step:%')`)
      .orderBy('id');
    const limits = open.flatMap(({ id, limit, timed }) => {
      const of = id === given.steps.at(-1)!.id ? LIMITS[migrated ? 1 : 0] : limit > 0 ? `P${limit}WD` : null;
      const { visit, at } = visits[id]!;
      return of
        ? [{ id: `step:${id}:${visit}`, boundary: timed && `${id}Late`, ...reading([{ kind: 'start', at }], of) }]
        : [];
    });
    const flows = [
      ...(whole.length > 0 ? [{ id: WHOLE.id, ...reading(whole, WHOLE.limit) }] : []),
      ...(concluded.length > 0 ? [{ id: CONCLUDED.id, ...reading(concluded, CONCLUDED.limit) }] : []),
    ];
    const line = ({ id, state, due }: { id: string; state: string; due: string | null }) => `${id} ${state} ${due}`;
    same(
      clocks.map(({ id, state, due_on: due }) => line({ id, state, due })).sort(),
      [...flows, ...limits].map(line).sort(),
      'clocks',
    );
    const dated = limits.flatMap(({ boundary, due }) =>
      boundary ? [`${boundary} ${endOfDay(due!).toISOString()}`] : [],
    );
    const timers = await db('clock_timer').where({ case_id: caseId, ended_tx: null });
    same(timers.map(({ boundary, due }) => `${boundary} ${due.toISOString()}`).sort(), dated.sort(), 'timers');
    const jobs = await engine.jobs({ instanceId, kind: 'timer' });
    same(jobs.map(({ due }) => due?.toISOString()).sort(), timers.map(({ due }) => due.toISOString()).sort(), 'jobs');
    same(await personLines(), lines, 'lines of people');
  }
}

/** Ids of people → what the tests call them. */
async function titlesOf({ core, people }: FlowWorld): Promise<Map<string, string>> {
  const titles = new Map(Object.entries(people).map(([title, { login }]) => [login, title]));
  const accounts: { login: string; person_id: string }[] = await core.db('account').select('login', 'person_id');
  return new Map(accounts.map(({ login, person_id: id }) => [id, titles.get(login) ?? login]));
}

function leaves(node: { activityId: string; children: (typeof node)[] }): string[] {
  return node.children.flatMap((child) =>
    child.children.length > 0 ? leaves(child) : /^join/.test(child.activityId) ? [] : [child.activityId],
  );
}
