/** For tests: what the product shows of a case of a generated flow, in the words of its book. */
import type { ActivityNode } from '../../../../engine-adapters/port/index.ts';
import type { FlowWorld } from '../../tasks/testing.ts';
import type { Shown } from './case-book.ts';
import { DISTRICTS } from './parts.ts';
import { STARTER } from './people.ts';

export interface OpenTask {
  id: string;
  step: string;
  version: number;
  thread: number | null;
}

export interface Finder {
  /** `left`: as much as the book shows of a case that is left. */
  shown(left: boolean): Promise<Shown>;
  tasks(): Promise<(OpenTask & { holder: string | null; state: string })[]>;
  lines(): Promise<string[]>;
  /** Of a task that has been seen open; null outside of threads. */
  threadOf(taskId: string): number | null;
}

interface Row {
  task_id: string;
  step: string;
}

export async function createFinder(world: FlowWorld, caseId: string): Promise<Finder> {
  const { db, engine } = world.core;
  const names = await namesOf(world);
  const { engine_instance_id: instanceId } = await db('case').where({ id: caseId }).first();
  const name = (id: string | null) => (id === null ? 'null' : names.get(id)!);
  /** Task → place of its thread, told by the office that it is offered to while it is open. */
  const threads = new Map<string, number>();

  async function tasks() {
    const open: (OpenTask & { holder: string | null; state: string })[] = await db('task')
      .where({ case_id: caseId, ended_at: null })
      .select('id', 'step', 'version', 'holder', 'state');
    const groups: { task_id: string; grp: string }[] = await db('task_group')
      .whereIn(
        'task_id',
        open.map(({ id }) => id),
      )
      .select('task_id', 'grp');
    return open.map((task) => {
      const thread = DISTRICTS.findIndex((office) =>
        groups.some(({ task_id: id, grp }) => id === task.id && grp.endsWith(`@${office}`)),
      );
      const own = /^s\d+t/.test(task.step) ? thread : null;
      if (own !== null) threads.set(task.id, own);
      return { ...task, thread: own };
    });
  }

  const called = ({ task_id: id, step }: Row) => (threads.has(id) ? `${step}#${threads.get(id)! + 1}` : step);

  async function lines(): Promise<string[]> {
    const rows = await db('audit').where({ case_id: caseId }).whereNotNull('person_id').orderBy('sequence');
    return rows.map(({ action, person_id: id }) => `${action} ${name(id)}`);
  }

  return {
    tasks,
    lines,
    threadOf: (taskId) => threads.get(taskId) ?? null,
    async shown(left) {
      const open = await tasks();
      const view = await world.view(STARTER, caseId);
      const found = {
        open: view.tasks.map(({ step }) => step).sort(),
        live: leaves(await engine.tree(instanceId)).sort(),
        lines: await lines(),
      };
      if (left) return found;
      const decisions: (Row & { person_id: string; outcome: string; voided_by: string | null })[] = await db('decision')
        .where({ case_id: caseId })
        .whereNot({ state: 'held' });
      const answers: (Row & { person_id: string; outcome: string; state: string })[] = await db('answer')
        .where({ case_id: caseId })
        .whereNot({ state: 'held' });
      const drafts: (Row & { person_id: string; opinion: string })[] = await db('opinion_draft as o')
        .join('task as t', 't.id', 'o.task_id')
        .where({ case_id: caseId, ended_at: null })
        .select('o.*', 't.step');
      const clocks: { id: string; state: string; due_on: string | null }[] = await db('clock')
        .where({ case_id: caseId })
        .whereRaw(`(state <> 'ended' or id not like 'step:%')`);
      const timers: { boundary: string; due: Date }[] = await db('clock_timer').where({
        case_id: caseId,
        ended_tx: null,
      });
      const jobs = await engine.jobs({ instanceId, kind: 'timer' });
      return {
        ...found,
        holders: open
          .map(
            (task) =>
              `${called({ ...task, task_id: task.id })} ${name(task.holder)}${task.state === 'open' ? '' : ` ${task.state}`}`,
          )
          .sort(),
        decisions: decisions
          .map((one) => `${called(one)} ${name(one.person_id)} ${one.outcome} ${one.voided_by ? 'void' : 'counts'}`)
          .sort(),
        answers: answers
          .map(
            (one) => `${called(one)} ${name(one.person_id)} ${one.outcome} ${one.state === 'void' ? 'void' : 'counts'}`,
          )
          .sort(),
        drafts: drafts.map((one) => `${called(one)} ${name(one.person_id)} ${one.opinion}`).sort(),
        clocks: clocks
          .map(({ id, state, due_on: due }) => `${id.replace(/^(step:s\d+t.*):\d+$/, '$1')} ${state} ${due}`)
          .sort(),
        timers: timers.map(({ boundary, due }) => `${boundary} ${due.toISOString()}`).sort(),
        jobs: jobs.map(({ activityId, due }) => `${activityId} ${due?.toISOString()}`).sort(),
      };
    },
  };
}

/** Ids of people → what the tests call them. */
async function namesOf({ core, people }: FlowWorld): Promise<Map<string, string>> {
  const titles = new Map(Object.entries(people).map(([title, { login }]) => [login, title]));
  const accounts: { login: string; person_id: string }[] = await core.db('account').select('login', 'person_id');
  return new Map(accounts.map(({ login, person_id: id }) => [id, titles.get(login) ?? login]));
}

function leaves(node: ActivityNode): string[] {
  return node.children.flatMap((child) => {
    if (child.children.length > 0) return leaves(child);
    return /Gateway$/.test(child.activityType) ? [] : [child.activityId];
  });
}
