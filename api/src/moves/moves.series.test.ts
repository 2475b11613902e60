import assert from 'node:assert/strict';
import { openSeries, type Series } from './testing/series-run.ts';

const FLOWS = Number(process.env.MOVE_FLOWS ?? 4);

describe('series of decisions and moves through the public API [PLT-1.3, PLT-1.4, PLT-3.8, PLT-5.2, PLT-8.1]', function () {
  this.timeout(600_000);
  let series: Series;
  before(async () => {
    series = await openSeries();
  });
  after(() => series?.close());

  it(`keep places, holders, answers, clocks, timers and the file right in ${FLOWS} generated flows`, async () => {
    const seed = Number(process.env.MOVE_SEED ?? 20261121);
    const tally = await series.run({ flows: FLOWS, seed });
    if (process.env.MOVE_SAY) console.log(tally);
    for (const [did, times] of Object.entries(tally)) assert.ok(times > 0, `${did} ${times} times`);
  });
});
