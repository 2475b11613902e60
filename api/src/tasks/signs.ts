/**
 * People added to a task for their opinion. Before: the task waits for it. In parallel: where several answer, one more
 * answerer; else an opinion that the decision waits for. After: the decision, once submitted, waits until they agree.
 */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { AddSignsBody, DecideAnswer, DecideBody, GiveSignBody } from '../../../contracts/api/index.ts';
import type { Release, Step } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import { invalidInput, notFound, stale, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { answerersOf, speaksFor } from './answerers.ts';
import type { Decide } from './decide.ts';
import { whatEnded } from './ended.ts';
import { heldProblem, type Held } from './held.ts';
import { alreadyAnswered, excluded, notNow, notYours, taskDeciding, taskEnded } from './problems.ts';
import type { TaskRow } from './rows.ts';
import { isAnswerer, signsOf, submissionOf, whyAwaited, type SignRow, type Submission } from './signs.rows.ts';
import { tally } from './tally.ts';
import { checkTurn, turnsOf, type Turn } from './turn.ts';

export interface SignsDeps {
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  exclusions: Pick<Exclusions, 'of'>;
  decide: Decide;
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
  whoIs(login: string): Promise<Who | null>;
}

export interface Signs {
  add(who: Who, taskId: string, body: z.infer<typeof AddSignsBody>): Promise<{ version: number }>;
  remove(who: Who, taskId: string, signId: string): Promise<{ decision: DecideAnswer | null }>;
  /** The opinion of an added person, or of their deputy; the last one who agrees after a decision carries it out. */
  give(who: Who, taskId: string, body: z.infer<typeof GiveSignBody>): Promise<{ decision: DecideAnswer | null }>;
}

interface Found {
  row: CaseRow;
  task: TaskRow;
  release: Release;
  step: Step;
}

const KINDS = { before: '前加签', parallel: '并行加签', after: '后加签' } as const;

export function createSigns(core: Core, deps: SignsDeps): Signs {
  const { db, time } = core;

  return {
    async add(who, taskId, { kind, people, reason, version }) {
      const seen = await find(who, taskId);
      return db.transaction(async (trx) => {
        const found = await lock(trx, who, seen);
        const { row, task, step } = found;
        const turn = await checkTurn(trx, who, row, task);
        const oneMore = isAnswerer({ kind }, step);
        const answerer = step.quorum && !oneMore ? await answererOf(trx, who, found) : '';
        const why = oneMore ? undefined : await whyAwaited(trx, taskId, answerer);
        if (why) throw notNow(why);
        if (task.version !== version) throw stale({ facts: { version: task.version } });
        const names = await receiversOf(trx, found, turn, people);
        if (oneMore) await askMore(trx, taskId, people);
        const state = kind === 'after' ? 'waiting' : 'open';
        await trx('added_sign').insert(
          people.map((person) => ({
            task_id: taskId,
            case_id: row.id,
            kind,
            person_id: person,
            answerer,
            added_by: who.personId,
            reason,
            added_at: time.now(),
            state,
          })),
        );
        // Whoever adds somebody has the task from now on: the opinions come back to them.
        const holder = step.quorum ? task.holder : turn.as.personId;
        await trx('task')
          .where({ id: taskId })
          .update({ holder, version: version + 1 });
        await tell(trx, { who, turn }, found, 'task.sign-added', { title: KINDS[kind], to: names.join('、'), reason });
        if (state === 'open') await ask(trx, found, people, reason);
        return { version: version + 1 };
      });
    },

    async remove(who, taskId, signId) {
      const seen = await find(who, taskId);
      const last = await db.transaction(async (trx) => {
        const found = await lock(trx, who, seen);
        const sign = (await signsOf(trx, taskId)).find(({ id }) => id === signId);
        if (!sign) throw notFound();
        await checkRemove(trx, who, found, sign);
        if (await isLast(trx, sign)) return sign;
        await takeOut(trx, who, found, sign);
        return null;
      });
      return { decision: last && (await carryOut(seen, last, (trx, found) => takeOut(trx, who, found, last))) };
    },

    async give(who, taskId, { opinion, agrees }) {
      const seen = await find(who, taskId);
      const last = await db.transaction(async (trx) => {
        const found = await lock(trx, who, seen);
        const { sign, turn } = await mine(trx, who, found);
        if (sign.kind === 'after' && agrees === undefined)
          throw invalidInput({ fields: [{ path: 'agrees', zh: '选择同意或不同意', en: 'Agree or not' }] });
        if ((sign.kind !== 'after' || agrees === false) && !opinion.trim())
          throw invalidInput({ fields: [{ path: 'opinion', zh: '写明意见', en: 'Write an opinion' }] });
        if (sign.kind === 'after' && agrees && (await isLast(trx, sign))) return { sign, turn };
        await write(trx, who, turn, found, sign, { opinion, agrees });
        if (sign.kind === 'after' && !agrees) await sendBack(trx, found, sign, opinion);
        return null;
      });
      if (!last) return { decision: null };
      const { sign, turn } = last;
      const done = (trx: Knex.Transaction, found: Found) => write(trx, who, turn, found, sign, { opinion, agrees });
      return { decision: await carryOut(seen, sign, done) };
    },
  };

  async function find(who: Who, taskId: string): Promise<Found> {
    const task: TaskRow | undefined = await db('task').where({ id: taskId }).first();
    const row: CaseRow | undefined = task?.case_id ? await db('case').where({ id: task.case_id }).first() : undefined;
    if (!task || !row || !(await deps.mayRead(who, row))) throw notFound();
    const release = await deps.release(row.release_id);
    const step = release.package.steps[task.step];
    if (!step?.actions.includes('add-sign')) throw notFound();
    return { row, task, release, step };
  }

  async function lock(trx: Knex.Transaction, who: Who, found: Found): Promise<Found> {
    const task: TaskRow = await trx('task').where({ id: found.task.id }).forUpdate().first();
    if (task.ended_at) throw taskEnded(await whatEnded(trx, task, found.release));
    if (task.state === 'held') throw await heldProblem(trx, task.id, who.personId);
    if (task.state !== 'open') throw taskDeciding(await whatEnded(trx, task, found.release));
    return { ...found, task };
  }

  /** Names of the people to be added, each of whom may act in this step. */
  async function receiversOf(trx: Knex.Transaction, found: Found, turn: Turn, people: string[]): Promise<string[]> {
    const { row, task, step, release } = found;
    const staff: { id: string; name: string }[] = await trx('person')
      .whereIn('id', people)
      .where({ kind: 'staff' })
      .whereNull('left_at')
      .select('id', 'name');
    const asked = new Set((await signsOf(trx, task.id)).filter(isPending).map(({ person_id: id }) => id));
    for (const { answerer } of step.quorum ? await answerersOf(trx, task.id) : [])
      asked.add(answerer.replace(/^person:/, ''));
    const out = await deps.exclusions.of(trx, { row, step, steps: release.package.steps }, people);
    const fields = people.flatMap((id, i) => {
      const path = `people/${i}`;
      if (!staff.some((one) => one.id === id)) return { path, zh: '没有这个人员', en: 'Nobody here' };
      if (turn.people.includes(id)) return { path, zh: '不能加签给自己', en: 'Not yourself' };
      return asked.has(id) ? { path, zh: '已经加签，等其意见', en: 'Asked already' } : [];
    });
    if (fields.length > 0) throw invalidInput({ fields });
    for (const reason of out.values()) throw excluded(reason);
    return staff.map(({ name }) => name);
  }

  /** For whom somebody still has to answer. */
  async function answererOf(trx: Knex.Transaction, who: Who, { row, task }: Found): Promise<string> {
    const [mine] = speaksFor(who, row, await answerersOf(trx, task.id)).open;
    if (!mine) throw alreadyAnswered();
    return mine.answerer;
  }

  /** Where several answer, an added person is one more of them under the step's quorum. */
  async function askMore(trx: Knex.Transaction, taskId: string, people: string[]): Promise<void> {
    const answerers = people.map((id) => `person:${id}`);
    await trx('answerer').insert(answerers.map((answerer) => ({ task_id: taskId, answerer, at: time.now() })));
    await trx('task_group')
      .insert(answerers.map((grp) => ({ task_id: taskId, grp })))
      .onConflict()
      .ignore();
  }

  async function checkRemove(trx: Knex.Transaction, who: Who, { row, task, step }: Found, sign: SignRow) {
    const turns = turnsOf(who, row).map((turn) => turn.as.personId);
    if (!turns.includes(sign.added_by) && !turns.includes(task.holder ?? ''))
      throw notNow({ zh: '由加签的人减签', en: 'Who added them removes them' });
    if (!isPending(sign)) throw notNow({ zh: '已提出意见，不能减签', en: 'The opinion was given' });
    if (!isAnswerer(sign, step)) return;
    const answerers = await answerersOf(trx, task.id);
    const others = answerers.filter(({ answerer }) => answerer !== `person:${sign.person_id}`);
    if (others.length === answerers.length) return;
    if (answerers.some(({ answerer, answered }) => answered && !others.some((one) => one.answerer === answerer)))
      throw notNow({ zh: '已提出意见，不能减签', en: 'The opinion was given' });
    const given: string[] = await trx('answer').where({ task_id: task.id, state: 'given' }).pluck('outcome');
    if (tally(step.quorum!, step.outcomes, others.length, given).ended)
      throw notNow({ zh: '其他各方均已提出意见，等其意见后得出结论', en: 'All others have answered' });
  }

  async function takeOut(trx: Knex.Transaction, who: Who, found: Found, sign: SignRow): Promise<void> {
    await trx('added_sign').where({ id: sign.id }).update({ state: 'removed', ended_at: time.now() });
    if (isAnswerer(sign, found.step)) {
      const answerer = `person:${sign.person_id}`;
      await trx('answerer').where({ task_id: sign.task_id, answerer }).delete();
      await trx('task_group').where({ task_id: sign.task_id, grp: answerer }).delete();
    }
    const { name } = await trx('person').where({ id: sign.person_id }).first('name');
    await tell(trx, { who }, found, 'task.sign-removed', { title: KINDS[sign.kind], to: name });
  }

  /** What this person was asked, or somebody absent for whom they act. */
  async function mine(
    trx: Knex.Transaction,
    who: Who,
    { row, task, step }: Found,
  ): Promise<{ sign: SignRow; turn: Turn }> {
    const signs = await signsOf(trx, task.id);
    for (const turn of turnsOf(who, row)) {
      const sign = signs.find((one) => one.state === 'open' && one.person_id === turn.as.personId);
      if (sign && isAnswerer(sign, step)) throw notNow({ zh: '这一步直接提出意见', en: 'Answer the step itself' });
      if (sign) return { sign, turn };
    }
    const own = signs.findLast(({ person_id: id }) => id === who.personId);
    if (own?.state === 'removed') throw notNow({ zh: '已被减签，不用再提意见', en: 'You were removed' });
    if (own?.state === 'given') throw notNow({ zh: '加签意见已提交', en: 'The opinion was given' });
    throw notYours();
  }

  async function write(
    trx: Knex.Transaction,
    who: Who,
    turn: Turn,
    found: Found,
    sign: SignRow,
    { opinion, agrees }: { opinion: string; agrees?: boolean },
  ): Promise<void> {
    await trx('added_sign')
      .where({ id: sign.id })
      .update({
        state: 'given',
        agrees: sign.kind === 'after' ? agrees : null,
        opinion: opinion || null,
        given_by: who.personId,
        ended_at: time.now(),
      });
    await trx('opinion_draft').where({ task_id: sign.task_id, person_id: who.personId }).delete();
    const action = sign.kind === 'after' ? (agrees ? 'task.sign-agreed' : 'task.sign-refused') : 'task.sign-given';
    await tell(trx, { who, turn }, found, action, { title: KINDS[sign.kind], opinion });
    if (sign.kind !== 'after')
      await send(trx, found, [found.task.holder ?? sign.added_by], `加签意见：${found.step.name.zh}`, opinion);
  }

  /** Whether nobody else is awaited, so that what was submitted can be carried out. */
  async function isLast(trx: Knex.Transaction, sign: SignRow): Promise<boolean> {
    if (!(await submissionOf(trx, sign))) return false;
    const others = (await signsOf(trx, sign.task_id)).filter(({ id }) => id !== sign.id);
    return !others.some(({ state, answerer }) => state === 'open' && answerer === sign.answerer);
  }

  /** Decides as it was submitted, at the time of that click; the last act of a person is written with it, or not at all. */
  async function carryOut(
    { task: { id: taskId } }: Found,
    sign: SignRow,
    act: (trx: Knex.Transaction, found: Found) => Promise<void>,
  ): Promise<DecideAnswer> {
    const submission: Submission | undefined = await submissionOf(db, sign);
    const decider = submission && (await deps.whoIs(submission.login));
    if (!submission || !decider)
      throw notNow({ zh: '提交决定的人已不能办理，请不同意并退回', en: 'Who decided has left' });
    const found = await find(decider, taskId);
    const held: Held = {
      at: submission.at,
      async take(trx) {
        const [now] = await trx('added_sign').where({ id: sign.id, state: 'open' });
        if (!now || !(await isLast(trx, sign)))
          throw notNow({ zh: '加签刚有变动，请再看一次', en: 'Changed just now' });
        await act(trx, found);
        await trx('submission').where({ task_id: taskId, answerer: sign.answerer }).delete();
      },
    };
    const { version } = await db('task').where({ id: taskId }).first('version');
    const body = submission.body as z.infer<typeof DecideBody>;
    return deps.decide(decider, taskId, { ...body, version }, held);
  }

  /** The decision comes back to who submitted it; everybody added after it is asked again next time. */
  async function sendBack(trx: Knex.Transaction, found: Found, refusing: SignRow, reason: string): Promise<void> {
    const { task, step } = found;
    const submission = (await submissionOf(trx, refusing))!;
    const of = { task_id: task.id, answerer: refusing.answerer };
    await trx('submission').where(of).delete();
    await trx('added_sign')
      .where({ ...of, kind: 'after', state: 'open' })
      .update({ state: 'waiting' });
    const { rows: again } = await trx.raw<{ rows: SignRow[] }>(
      `select distinct on (person_id) * from added_sign
       where task_id = ? and answerer = ? and kind = 'after' order by person_id, added_at desc`,
      [task.id, refusing.answerer],
    );
    const given = again.filter(({ state }) => state === 'given');
    await trx('added_sign').insert(
      given.map(({ case_id, kind, person_id, added_by, reason: why }) => ({
        ...{ ...of, case_id, kind, person_id, added_by, reason: why, added_at: time.now(), state: 'waiting' },
      })),
    );
    const { opinion } = submission.body as { opinion: string };
    if (opinion)
      await trx('opinion_draft')
        .insert({ task_id: task.id, person_id: submission.person_id, opinion, saved_at: time.now() })
        .onConflict(['task_id', 'person_id'])
        .merge();
    if (!refusing.answerer)
      await trx('task')
        .where({ id: task.id })
        .update({ version: task.version + 1 });
    await send(trx, found, [submission.person_id], `加签未同意：${step.name.zh}`, reason);
  }

  async function ask(trx: Knex.Transaction, found: Found, people: string[], note: string): Promise<void> {
    await send(trx, found, people, `请您加签：${found.step.name.zh}`, note);
  }

  async function send(trx: Knex.Transaction, { row, task }: Found, people: string[], title: string, note: string) {
    const body = `${row.number} ${row.title}${note.trim() ? `。${note.trim()}` : ''}`;
    const link = `/cases/${row.id}?task=${task.id}`;
    for (const personId of people)
      await deps.messages.send(trx, { to: { personId }, caseId: row.id, kind: 'task', title, body, link });
  }

  async function tell(
    trx: Knex.Transaction,
    { who, turn }: { who: Who; turn?: Turn },
    { row, task, step }: Found,
    action: string,
    detail: { title: string; to?: string; reason?: string; opinion?: string },
  ): Promise<void> {
    const said = Object.fromEntries(Object.entries(detail).filter(([, text]) => text));
    await deps.audit.write(trx, {
      caseId: row.id,
      personId: who.personId,
      onBehalfOf: turn?.for?.id,
      action,
      step: step.id,
      visit: task.visit ?? undefined,
      detail: { stepName: step.name.zh, ...said },
    });
  }
}

const isPending = ({ state }: Pick<SignRow, 'state'>): boolean => state === 'waiting' || state === 'open';
