/**
 * Handing a task on. Transfer: another candidate has it from now on. Delegation: a colleague prepares it and gives it
 * back to the owner, who decides. Copies let somebody read along; urging asks whoever has it. Transactions of ours.
 */
import type { Knex } from 'knex';
import type { TaskPeople } from '../../../contracts/api/index.ts';
import type { Release, Step } from '../../../contracts/flow.ts';
import { deputiesOf } from '../absence/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { invalidInput, notFound, readSetting, stale } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import type { Exclusions } from '../rights/index.ts';
import { candidatesOf, officesOf } from './candidates.ts';
import { whatEnded } from './ended.ts';
import { whyNotUrge, type HandOver } from './hand-over.offers.ts';
import { heldProblem, type Held } from './held.ts';
import { excluded, heldByOther, notNow, notYours, taskDeciding, taskEnded } from './problems.ts';
import { groupsOfTask, type TaskRow } from './rows.ts';
import { whyAwaited } from './signs.rows.ts';
import { URGE_AFTER } from './settings.ts';
import { checkTurn, turnOn, type Turn } from './turn.ts';

export interface HandOverDeps {
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  exclusions: Pick<Exclusions, 'of'>;
  release(id: string): Promise<Release>;
  mayRead(who: Who, row: CaseRow): Promise<boolean>;
}

interface Handing {
  to: string;
  reason: string;
  version: number;
}

interface Version {
  version: number;
}

export interface HandsOver {
  /** Whom a task may be handed to; who may not have it comes with the reason. At most fifty, by name. */
  people(who: Who, taskId: string, act: 'transfer' | 'delegate' | 'copy' | 'add-sign', q: string): Promise<TaskPeople>;
  transfer(who: Who, taskId: string, body: Handing, held?: Held): Promise<Version>;
  /** What a transfer asks before it is carried out. @throws Problem */
  mayTransfer(on: Knex, who: Who, taskId: string, body: Handing): Promise<void>;
  delegate(who: Who, taskId: string, body: Handing): Promise<Version>;
  /** By the colleague, with an opinion; or by the owner, who takes it back. */
  giveBack(who: Who, taskId: string, body: { opinion: string; version: number }): Promise<Version>;
  copy(who: Who, taskId: string, body: { to: string[]; note: string }): Promise<void>;
  urge(who: Who, taskId: string, body: { reason: string }): Promise<void>;
  /** When a task may be urged; null: now. */
  urgeFrom(task: TaskRow): Promise<Date | null>;
}

interface Found {
  row: CaseRow;
  task: TaskRow;
  release: Release;
  step: Step;
}

interface Receiver {
  id: string;
  name: string;
  office: string | null;
}

const MOST_PEOPLE = 50;

export function createHandOver(core: Core, deps: HandOverDeps): HandsOver {
  const { db, time } = core;

  return {
    async people(who, taskId, act, q) {
      const found = await find(who, taskId, act);
      if (act !== 'copy') await checkTurn(db, who, found.row, found.task);
      const groups = await groupsOfTask(db, taskId);
      const query = db('person as p')
        .join('office as o', 'o.code', 'p.office')
        .where('p.kind', 'staff')
        .whereNull('p.left_at')
        .whereNot('p.id', who.personId)
        .orderBy('p.name')
        .limit(MOST_PEOPLE)
        .select<{ id: string; name: string; office: string }[]>('p.id', 'p.name', 'o.name as office');
      if (act === 'transfer') query.whereIn('p.id', await candidatesOf(db, groups));
      if (act === 'delegate') query.whereIn('p.office', officesOf(groups));
      if (q) query.whereILike('p.name', `%${q.replace(/[\\%_]/g, (x) => `\\${x}`)}%`);
      const people = await query;
      const ids = people.map(({ id }) => id);
      const [out, deputies] = await Promise.all([exclusionsOf(db, found, ids, act), deputiesOf(core, ids, found.row)]);
      return {
        people: people.map((person) => {
          const reason = out.get(person.id);
          const deputy = deputies.get(person.id);
          return {
            ...person,
            ...(reason && { reason: { zh: reason.zh, en: reason.en } }),
            ...(deputy && { absent: { deputy: deputy.name, until: deputy.until } }),
          };
        }),
      };
    },

    transfer: (who, taskId, body, held) =>
      hand(who, taskId, 'transfer', body, (_trx, _found, to) => Promise.resolve({ holder: to.id }), held),

    async mayTransfer(on, who, taskId, body) {
      const found = await find(who, taskId, 'transfer');
      await checkOpen(on, who, found);
      await receiverOf(on, who, found, 'transfer', body);
    },

    delegate: (who, taskId, body) =>
      hand(who, taskId, 'delegate', body, async (trx, { task }, to, turn) => {
        await trx('task_group')
          .insert({ task_id: task.id, grp: `person:${to.id}` })
          .onConflict()
          .ignore();
        return { holder: to.id, owner: turn.as.personId };
      }),

    async giveBack(who, taskId, { opinion, version }) {
      return db.transaction(async (trx) => {
        const found = await lock(trx, who, await find(who, taskId, 'delegate'));
        const { task } = found;
        if (!task.owner) throw notNow({ zh: '这项待办没有委托', en: 'The task was not delegated' });
        const turn = turnOn(who, found.row, task, await groupsOfTask(trx, task.id));
        const own = task.owner === turn?.as.personId;
        if (!turn || (!own && task.holder !== turn.as.personId)) throw heldByOther();
        if (task.version !== version) throw stale({ facts: { version: task.version } });
        if (!own && !opinion.trim())
          throw invalidInput({ fields: [{ path: 'opinion', zh: '写明意见再交还', en: 'Write an opinion' }] });
        await trx('task_group')
          .where({ task_id: task.id, grp: `person:${task.holder}` })
          .delete();
        await trx('opinion_draft').where({ task_id: task.id, person_id: task.holder }).delete();
        // The owner may have lost the role meanwhile: then the task is open to all candidates again.
        const still = (await candidatesOf(trx, await groupsOfTask(trx, task.id))).includes(task.owner);
        const now = await write(trx, task, { holder: still ? task.owner : null, owner: null });
        await tell(trx, { who, turn }, found, own ? 'task.delegation-ended' : 'task.give-back', { opinion });
        const other = own ? task.holder! : task.owner;
        const what = own ? '收回委托' : '交还';
        await send(trx, found, [other], `${what}：${found.step.name.zh}`, opinion);
        return now;
      });
    },

    async copy(who, taskId, { to, note }) {
      await db.transaction(async (trx) => {
        const found = await lock(trx, who, await find(who, taskId, 'copy'));
        const turn = turnOn(who, found.row, found.task, await groupsOfTask(trx, taskId));
        if (!turn) throw notYours();
        const people: Awaited<ReturnType<typeof personOf>>[] = [];
        for (const [i, id] of to.entries()) people.push(await personOf(trx, id, `to/${i}`));
        const out = await exclusionsOf(trx, found, to, 'copy');
        for (const reason of out.values()) throw excluded(reason);
        const { task, row, step } = found;
        const rows = to.map((id) => ({
          task_id: task.id,
          case_id: row.id,
          person_id: id,
          by: who.personId,
          note: note || null,
          at: time.now(),
        }));
        await trx('task_copy').insert(rows).onConflict().ignore();
        await tell(trx, { who, turn }, found, 'task.copy', {
          to: people.map(({ name }) => name).join('、'),
          reason: note,
        });
        await send(trx, found, to, `抄送：${step.name.zh}`, note);
      });
    },

    async urge(who, taskId, { reason }) {
      await db.transaction(async (trx) => {
        const found = await lock(trx, who, await find(who, taskId, 'urge'));
        const { row, task, step } = found;
        const groups = await groupsOfTask(trx, taskId);
        const turn = turnOn(who, row, task, groups);
        if (turn && (!task.holder || task.holder === turn.as.personId))
          throw notNow({ zh: '这项待办由您办理', en: 'This task is yours to do' });
        const why = whyNotUrge(await urgeFrom(task, trx));
        if (why) throw notNow(why);
        await trx('task_urge').insert({ task_id: task.id, person_id: who.personId, at: time.now() });
        const receivers = task.holder ? [task.holder] : await candidatesOf(trx, groups);
        const deputies = await deputiesOf(core, receivers, row, trx);
        await tell(trx, { who }, found, 'task.urge', { reason });
        const all = new Set([...receivers, ...[...deputies.values()].map(({ id }) => id)]);
        await send(trx, found, [...all], `催办：${step.name.zh}`, reason);
        for (const id of groups.flatMap((group) => /^institution:(.+)$/.exec(group)?.[1] ?? []))
          await deps.messages.send(trx, {
            to: { institutionId: id },
            ...letter(found, `催办：${step.name.zh}`, reason),
          });
      });
    },

    urgeFrom: (task) => urgeFrom(task, db),
  };

  async function find(who: Who, taskId: string, act: HandOver): Promise<Found> {
    const task: TaskRow | undefined = await db('task').where({ id: taskId }).first();
    const row: CaseRow | undefined = task?.case_id ? await db('case').where({ id: task.case_id }).first() : undefined;
    if (!task || !row || !(await deps.mayRead(who, row))) throw notFound();
    const release = await deps.release(row.release_id);
    const step = release.package.steps[task.step];
    if (!step?.actions.includes(act)) throw notFound();
    return { row, task, release, step };
  }

  /** The task under lock, still open. */
  async function lock(trx: Knex.Transaction, who: Who, found: Found, held?: Held): Promise<Found> {
    const lock = () => trx('task').where({ id: found.task.id }).forUpdate().first();
    let task: TaskRow = await lock();
    if (held) {
      await held.take(trx);
      task = await lock();
    }
    await checkOpen(trx, who, { ...found, task });
    return { ...found, task };
  }

  async function checkOpen(on: Knex, who: Who, { task, release }: Found): Promise<void> {
    if (task.ended_at) throw taskEnded(await whatEnded(on, task, release));
    if (task.state === 'held') throw await heldProblem(on, task.id, who.personId);
    if (task.state !== 'open') throw taskDeciding(await whatEnded(on, task, release));
  }

  async function hand(
    who: Who,
    taskId: string,
    act: 'transfer' | 'delegate',
    body: Handing,
    change: (
      trx: Knex.Transaction,
      found: Found,
      to: Receiver,
      turn: Turn,
    ) => Promise<Partial<Pick<TaskRow, 'holder' | 'owner'>>>,
    held?: Held,
  ): Promise<Version> {
    const seen = await find(who, taskId, act);
    return db.transaction(async (trx) => {
      const found = await lock(trx, who, seen, held);
      const { to, turn } = await receiverOf(trx, who, found, act, body);
      const now = await write(trx, found.task, await change(trx, found, to, turn));
      await tell(trx, { who, turn }, found, `task.${act}`, { to: to.name, reason: body.reason });
      const title = `${act === 'transfer' ? '转办' : '委托'}给您：${found.step.name.zh}`;
      await send(trx, found, [to.id], title, body.reason);
      return now;
    });
  }

  /** Whom the task goes to and in whose name: this person may hand it on, that one may have it. */
  async function receiverOf(
    on: Knex,
    who: Who,
    found: Found,
    act: 'transfer' | 'delegate',
    { to, version }: Handing,
  ): Promise<{ to: Receiver; turn: Turn }> {
    const { row, task, step } = found;
    const turn = await checkTurn(on, who, row, task);
    if (step.quorum) throw notNow({ zh: '这一步由多方提出意见', en: 'Several answer here' });
    const awaited = await whyAwaited(on, task.id);
    if (awaited) throw notNow(awaited);
    if (task.version !== version) throw stale({ facts: { version: task.version } });
    if (turn.people.includes(to)) throw notTo('不能交给自己', 'Not to yourself');
    const person = await personOf(on, to, 'to');
    const reasonOut = (await exclusionsOf(on, found, [to, ...turn.people], act)).values().next().value;
    if (reasonOut) throw excluded(reasonOut);
    const groups = await groupsOfTask(on, task.id);
    if (act === 'transfer' && !(await candidatesOf(on, groups)).includes(to))
      throw notTo('不持有这一步的岗位，不能转办', 'Does not hold the role of this step');
    if (act === 'delegate' && !officesOf(groups).includes(person.office ?? ''))
      throw notTo('不是本机关人员，不能委托', 'Not of the office of this step');
    return { to: person, turn };
  }

  /** Copies only let somebody read: an earlier decision in the case is no hindrance. */
  async function exclusionsOf(on: Knex, { row, step, release }: Found, people: string[], act: HandOver) {
    const asked = act === 'copy' ? { notSameAs: [] } : step;
    return deps.exclusions.of(on, { row, step: asked, steps: release.package.steps }, people);
  }

  async function personOf(on: Knex, id: string, path: string): Promise<Receiver> {
    const person: Receiver | undefined = await on('person')
      .where({ id, kind: 'staff' })
      .whereNull('left_at')
      .first('id', 'name', 'office');
    if (person) return person;
    throw invalidInput({ fields: [{ path, zh: '没有这个人员', en: 'Nobody here' }] });
  }

  async function write(
    trx: Knex.Transaction,
    task: TaskRow,
    change: Partial<Pick<TaskRow, 'holder' | 'owner'>>,
  ): Promise<Version> {
    const version = task.version + 1;
    await trx('task')
      .where({ id: task.id })
      .update({ ...change, version });
    return { version };
  }

  async function tell(
    trx: Knex.Transaction,
    { who, turn }: { who: Who; turn?: Turn },
    { row, task, step }: Found,
    action: string,
    detail: { to?: string; reason?: string; opinion?: string },
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

  async function send(trx: Knex.Transaction, found: Found, people: string[], title: string, note: string) {
    for (const personId of people) await deps.messages.send(trx, { to: { personId }, ...letter(found, title, note) });
  }

  function letter({ row }: Found, title: string, note: string) {
    const body = `${row.number} ${row.title}${note.trim() ? `。${note.trim()}` : ''}`;
    return { caseId: row.id, kind: 'task', title, body, link: `/cases/${row.id}` };
  }

  async function urgeFrom(task: TaskRow, on: Knex): Promise<Date | null> {
    const hours = await readSetting(on, URGE_AFTER);
    const last = await on('task_urge').where({ task_id: task.id }).orderBy('at', 'desc').first('at');
    const since: Date = last?.at ?? task.arrived_at ?? task.entered_at;
    const from = new Date(since.getTime() + hours * 3_600_000);
    return from > time.now() ? from : null;
  }
}

const notTo = (zh: string, en: string) => invalidInput({ fields: [{ path: 'to', zh, en }] });
