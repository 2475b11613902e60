/** Runs a scenario through the public API; a failing step says where it stands, what was expected and what was found. */
import type { z } from 'zod';
import type { CaseView, FlowDrawing } from '../../../contracts/api/index.ts';
import { dayNumber } from '../../../contracts/days.ts';
import { shanghaiDay, startOfDay } from '../core/index.ts';
import { act } from './act.ts';
import { createClients, Refusal, type Clients } from './client.ts';
import { beginDraft, submitDraft } from './drafts.ts';
import { differences } from './expect.ts';
import { pass } from './pass.ts';
import { ScenarioError, type ReadScenario } from './read.ts';
import type { Step } from './schema.ts';
import { drawnPath, type Trace } from './trace.ts';
import type { Ground, OpenWorld, World } from './world.ts';

type Drawing = z.infer<typeof FlowDrawing>;

const NINE = 9 * 3_600_000;

/** Answers what the scenario took of its flow. @throws ScenarioError */
export type RunScenario = (scenario: ReadScenario) => Promise<Trace>;

/** Each scenario in a world of its own. What comes before several of them runs once; their worlds begin where it ended. */
export function createRun(openWorld: OpenWorld): RunScenario {
  const ended = new Map<string, Promise<{ at: Date; on: Ground }>>();

  return async (scenario) => {
    const world = await worldFor(scenario);
    try {
      return await runIn(world, scenario);
    } finally {
      await world.close();
    }
  };

  async function worldFor({ on, before }: ReadScenario): Promise<World> {
    return openWorld(before ? await endOf(before) : { at: new Date(startOfDay(on).getTime() + NINE) });
  }

  function endOf(scenario: ReadScenario): Promise<{ at: Date; on: Ground }> {
    const end = ended.get(scenario.file) ?? runAndKeep(scenario);
    ended.set(scenario.file, end);
    return end;
  }

  async function runAndKeep(scenario: ReadScenario): Promise<{ at: Date; on: Ground }> {
    const world = await worldFor(scenario);
    try {
      await runIn(world, scenario);
    } catch (error) {
      await world.close();
      throw error;
    }
    return { at: world.time.now(), on: await world.keep() };
  }
}

/** @throws ScenarioError */
export const runScenario = (scenario: ReadScenario, openWorld: OpenWorld): Promise<Trace> =>
  createRun(openWorld)(scenario);

async function runIn(world: World, scenario: ReadScenario): Promise<Trace> {
  const { file } = scenario;
  const folder = scenario.place.home;
  const clients = createClients(world);
  if (scenario.before) {
    const days = dayNumber(scenario.on) - dayNumber(shanghaiDay(world.time.now()));
    if (days < 0) throw new ScenarioError(file, 1, `it begins before ${scenario.after} has ended`);
    if (days > 0) await pass(world, await clients(scenario.start.by), `P${days}D`);
  }
  const caseId = await located(file, 1, 'start', undefined, () => start(world, clients, scenario));
  let by = scenario.start.by;
  for (const [i, step] of scenario.steps.entries()) {
    const where = () => position(clients, caseId, by);
    await located(file, step.line, `step ${i + 1}`, where, () => runStep(step));
    if (step.kind === 'act') by = step.act.by;
  }
  const { taken } = await (await clients(by)).get<Drawing>(`/cases/${caseId}/drawing`);
  return { flows: taken, outcomes: await world.outcomes(caseId) };

  async function runStep(step: Step): Promise<void> {
    switch (step.kind) {
      case 'act':
        await act(await clients(step.act.by), { caseId, folder }, step.act);
        return world.quiet();
      case 'pass':
        return pass(world, await clients(by), step.limit);
      case 'expect': {
        const found = await differences({ clients, caseId, by }, step.expect);
        if (found.length > 0) throw new Error(found.join('\n'));
        return;
      }
      case 'refused':
        await refused(step.code, async () => act(await clients(step.act.by), { caseId, folder }, step.act));
        return world.quiet();
    }
  }
}

async function start(world: World, clients: Clients, { start: begun, place }: ReadScenario): Promise<string> {
  const { by, about, ...entries } = begun;
  const client = await clients(by);
  const draft = await beginDraft(client, place, entries, about);
  await submitDraft(client, draft);
  await world.quiet();
  return draft.id;
}

async function refused(code: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Refusal && error.code === code) return;
    throw new Error(`expected a refusal with ${code}, found ${(error as Error).message}`, { cause: error });
  }
  throw new Error(`expected a refusal with ${code}, but it was done`);
}

async function located<T>(
  file: string,
  line: number,
  what: string,
  where: (() => Promise<string>) | undefined,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const position = where ? await where().catch(() => '') : '';
    throw new ScenarioError(file, line, `${what}: ${(error as Error).message}${position && `\n${position}`}`);
  }
}

/** Where the case stands, for the message of a failing step. */
async function position(clients: Clients, caseId: string, by: string): Promise<string> {
  const client = await clients(by);
  const view = await client.get<CaseView>(`/cases/${caseId}`);
  const open = view.tasks.map((task) => `${task.step} (${task.state})`).join(', ') || 'nothing';
  const incident = view.incident ? `, incident ${view.incident.code} ${view.incident.zh}` : '';
  const path = drawnPath(await client.get<Drawing>(`/cases/${caseId}/drawing`));
  return `case ${view.number}: ${view.result ?? view.state}, open ${open}${incident}\n${path}`;
}
