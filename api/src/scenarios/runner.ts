/** Runs many scenarios, some at a time, and measures what they take of their flows. */
import type { ReadScenario } from './read.ts';
import { createRun } from './run.ts';
import type { Trace } from './trace.ts';
import type { OpenWorld } from './world.ts';

export interface Ran {
  scenario: ReadScenario;
  ms: number;
  /** Absent where it failed. */
  trace?: Trace;
  error?: Error;
}

/** Begins with all of them, `atOnce` at a time in their order; each promise answers when its scenario has ended. */
export function runScenarios(scenarios: ReadScenario[], openWorld: OpenWorld, atOnce = 2): Promise<Ran>[] {
  const settle: ((ran: Ran) => void)[] = [];
  const results = scenarios.map(() => new Promise<Ran>((resolve) => settle.push(resolve)));
  const rest = scenarios.entries();
  const run = createRun(openWorld);
  for (let lane = 0; lane < atOnce; lane += 1) void runRest();
  return results;

  async function runRest(): Promise<void> {
    for (const [i, scenario] of rest) settle[i]!(await runOne(scenario));
  }

  async function runOne(scenario: ReadScenario): Promise<Ran> {
    const since = performance.now();
    const ms = () => Math.round(performance.now() - since);
    try {
      const trace = await run(scenario);
      return { scenario, ms: ms(), trace };
    } catch (error) {
      return { scenario, ms: ms(), error: error as Error };
    }
  }
}
