/** For tests and the benchmark: generated models on an engine of the bench, several cases at once. */
import fc from 'fast-check';
import { createCamunda7 } from '../../../../engine-adapters/camunda7/index.ts';
import { openBench } from '../../../../engine-adapters/launcher/bench-client.ts';
import type { EngineWorker } from '../../../../engine-adapters/port/index.ts';
import { drive, noRun, type Act, type Run } from './drive.ts';
import { generate, later, type Generated } from './models.ts';
import { shapes, type Shape } from './shapes.ts';
import { xmlOf } from './xml.ts';

/** Cases that run at once, each in a lane with a worker of its own. */
const LANES = 4;
/** A worker fetches when its case asks only: nothing is finished that the test has not seen open. */
const NEVER_MS = 3_600_000;
const SHRINK_MS = 60_000;
/** Models in one deployment. */
const DEPLOYED = 10;
const topicOf = (lane: number) => `lane${lane}`;

type Sample = [shape: Shape, acts: Act[]];

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), at: fc.nat(7) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('return' as const),
        at: fc.nat(7),
        to: fc.nat(9),
        straight: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('take-back' as const), to: fc.nat(9) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('fire' as const), at: fc.nat(7) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('part' as const, 'migrate' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('exit' as const) }) },
  ),
  { minLength: 5, maxLength: 10 },
);
const samples: fc.Arbitrary<Sample> = fc.tuple(shapes, acts);

export interface Failure {
  /** Which model of the run it was. */
  index: number;
  error: Error;
}

export interface Models {
  /** `plain`: the cases are answered only. */
  run(o: { models: number; seed: number; plain?: boolean }): Promise<{ total: Run; failures: Failure[] }>;
  /** The least model and series that fail in the same way, as text: series, error, BPMN. */
  shrunk(failure: Failure | undefined, seed: number): Promise<string>;
  close(): Promise<void>;
}

export async function openModels(): Promise<Models> {
  const bench = await openBench();
  const database = await bench.createDatabase();
  const engine = await bench.openEngine(database);
  const port = createCamunda7({ url: engine.url, token: engine.token });
  const workers: EngineWorker[] = Array.from({ length: LANES }, (_, lane) =>
    port.worker({
      id: topicOf(lane),
      topics: { [topicOf(lane)]: () => Promise.resolve({}) },
      pollMs: NEVER_MS,
      report: () => undefined,
    }),
  );
  let keys = 0;

  return {
    async run({ models, seed, plain = false }) {
      const chosen = fc.sample(samples, { numRuns: models, seed });
      const total = noRun();
      const failures: Failure[] = [];
      const lane = async (worker: EngineWorker, number: number): Promise<void> => {
        const own = chosen.map((_, index) => index).filter((index) => index % LANES === number);
        for (let at = 0; at < own.length; at += DEPLOYED) {
          const part = own.slice(at, at + DEPLOYED);
          const prepared = await deploy(
            part.map((index) => chosen[index]![0]),
            number,
          );
          for (const [i, index] of part.entries()) {
            const todo = plain ? [] : chosen[index]![1];
            try {
              const run = await drive(port, worker, prepared[i]!.model, { ...prepared[i]!, acts: todo });
              for (const what of Object.keys(total) as (keyof Run)[]) total[what] += run[what];
            } catch (error) {
              failures.push({ index, error: error as Error });
            }
          }
        }
      };
      await Promise.all(workers.map(lane));
      return { total, failures: failures.sort((a, b) => a.index - b.index) };
    },

    async shrunk(failure, seed) {
      if (!failure) return '';
      const property = fc.asyncProperty(samples, async ([shape, todo]) => {
        const [prepared] = await deploy([shape], 0);
        await drive(port, workers[0]!, prepared!.model, { ...prepared!, acts: todo });
      });
      const found = await fc.check(property, {
        seed,
        path: String(failure.index),
        numRuns: 1,
        interruptAfterTimeLimit: SHRINK_MS,
      });
      const [shape, series] =
        found.counterexample?.[0] ?? fc.sample(samples, { seed, path: String(failure.index), numRuns: 1 })[0]!;
      const error = found.errorInstance instanceof Error ? found.errorInstance : failure.error;
      return [
        `model ${failure.index} of MOVE_SEED=${seed}: ${error.message}`,
        JSON.stringify(series),
        xmlOf(generate(shape).graph, 'shrunk'),
      ].join('\n');
    },

    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await port.close();
      await engine.close();
      await database.drop();
    },
  };

  /** Each model in two releases, all in one deployment. */
  async function deploy(wanted: Shape[], lane: number) {
    const all = wanted.map((shape) => {
      const model = generate(shape);
      return { key: `m${(keys += 1)}`, model, next: later(model) };
    });
    const file = (key: string, { graph }: Generated) => ({
      name: `${key}.bpmn`,
      bytes: new TextEncoder().encode(xmlOf(graph, key, topicOf(lane))),
    });
    const { definitions } = await port.deploy({
      name: all[0]!.key,
      files: all.flatMap(({ key, model, next }) => [file(key, model), file(`${key}x`, next)]),
    });
    const idOf = (key: string) => definitions.find((one) => one.key === key)!.id;
    return all.map(({ key, model, next }) => ({
      key,
      model,
      definitionId: idOf(key),
      next: { model: next, definitionId: idOf(`${key}x`) },
    }));
  }
}
