import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createCamunda7 } from '../../../engine-adapters/camunda7/index.ts';
import { openBench, type BenchDatabase, type BenchEngine } from '../../../engine-adapters/launcher/bench-client.ts';
import type { EnginePort, EngineWorker } from '../../../engine-adapters/port/index.ts';
import { drive, type Act, type Run } from './testing/drive.ts';
import { generate, shapes, type Generated } from './testing/models.ts';

const MODELS = Number(process.env.MOVE_MODELS ?? 200);
/** Cases that run at once, each in a lane with a worker of its own. */
const LANES = 4;
/** A worker fetches when its case asks only: nothing is finished that the test has not seen open. */
const NEVER_MS = 3_600_000;
const topicOf = (model: number) => `lane${model % LANES}`;

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), at: fc.nat(7) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('return' as const),
        at: fc.nat(7),
        to: fc.nat(9),
        straight: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('take-back' as const), to: fc.nat(9) }) },
  ),
  { minLength: 5, maxLength: 9 },
);

describe('moves over generated models on the engine [PLT-1.3, PLT-1.4]', function () {
  this.timeout(300_000);
  let database: BenchDatabase;
  let engine: BenchEngine;
  let port: EnginePort;
  let workers: EngineWorker[] = [];

  before(async () => {
    const bench = await openBench();
    database = await bench.createDatabase();
    engine = await bench.openEngine(database);
    port = createCamunda7({ url: engine.url, token: engine.token });
    workers = Array.from({ length: LANES }, (_, lane) =>
      port.worker({
        id: topicOf(lane),
        topics: { [topicOf(lane)]: () => Promise.resolve({}) },
        pollMs: NEVER_MS,
        report: () => undefined,
      }),
    );
  });
  after(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await port?.close();
    await engine?.close();
    await database?.drop();
  });

  it(`lose nothing and double nothing in ${MODELS} models: kept, started, ended as planned; the case comes to its end with the same finished visits`, async () => {
    const seed = Number(process.env.MOVE_SEED ?? 20261121);
    const samples = fc.sample(fc.tuple(shapes, acts), { numRuns: MODELS, seed });
    const models = samples.map(([shape]) => generate(shape));
    const definitions = await deploy(models);
    const total: Run = { moved: 0, refused: 0, straight: 0 };
    const failures: string[] = [];
    await Promise.all(
      workers.map(async (worker, lane) => {
        for (let i = lane; i < MODELS; i += LANES) {
          const [shape, todo] = samples[i]!;
          try {
            const run = await drive(port, worker, models[i]!, {
              definitionId: definitions[i]!,
              key: `m${i}`,
              acts: todo,
            });
            for (const what of Object.keys(total) as (keyof Run)[]) total[what] += run[what];
          } catch (error) {
            failures.push(`model ${i}: ${(error as Error).message.slice(0, 600)}\n${JSON.stringify({ shape, todo })}`);
          }
        }
      }),
    );
    if (process.env.MOVE_SAY) console.log(total, `${failures.length} failures`);
    assert.deepEqual(failures, []);
    assert.ok(total.moved > MODELS / 2, `${total.moved} moves were made`);
  });

  async function deploy(models: Generated[]): Promise<string[]> {
    const files = models.map((it, i) => ({
      name: `m${i}.bpmn`,
      bytes: new TextEncoder().encode(it.xml(`m${i}`, topicOf(i))),
    }));
    const { definitions } = await port.deploy({ name: 'generated', files });
    return models.map((_, i) => definitions.find((d) => d.key === `m${i}`)!.id);
  }
});
