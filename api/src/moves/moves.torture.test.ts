import assert from 'node:assert/strict';
import { openModels, type Models } from './testing/run.ts';

const MODELS = Number(process.env.MOVE_MODELS ?? 200);

describe('moves over generated models on the engine [PLT-1.3, PLT-1.4, PLT-3.8]', function () {
  this.timeout(300_000);
  let models: Models;
  before(async () => {
    models = await openModels();
  });
  after(() => models?.close());

  it(`lose nothing and double nothing in ${MODELS} models with returns, straight back, take back, exits, parts, migration and timers that fire`, async () => {
    const seed = Number(process.env.MOVE_SEED ?? 20261121);
    const { total, failures } = await models.run({ models: MODELS, seed });
    assert.equal(failures.length, 0, await models.shrunk(failures[0]!, seed));
    if (process.env.MOVE_SAY) console.log(total);
    for (const [what, times] of Object.entries(total)) assert.ok(times >= MODELS / 20, `${what} ${times} times`);
  });
});
