import { openModels } from '../../api/src/moves/testing/run.ts';
import { openSeries } from '../../api/src/moves/testing/series-run.ts';
import { inTurn, type Measured, type Row } from '../row.ts';

/** Models of one run. */
const AT_ONCE = 20;

/**
 * `MOVE_MODELS` says how many models are run in all (default 200), `MOVE_FLOWS` how many flows besides through the public
 * API, which are not measured (default none), `MOVE_SEED` which.
 */
export const moves: Row = {
  id: 'moves',
  title: '随机模型一件：退回、直送、取回、出口、临时环节、迁移、到期，每步核对（四件同时，含部署）',
  limit: 1000,
  figure: 'median',
  async measure() {
    const runs = Math.max(1, Math.ceil(Number(process.env.MOVE_MODELS ?? 200) / AT_ONCE) - 1);
    const first = Number(process.env.MOVE_SEED ?? 20261121);
    await throughTheApi(Number(process.env.MOVE_FLOWS ?? 0), first);
    const models = await openModels();
    const batch = (plain: boolean) => async (run: number) => {
      const seed = first + run;
      const { failures } = await models.run({ models: AT_ONCE, seed, plain });
      if (failures.length > 0) throw new Error(await models.shrunk(failures[0], seed));
    };
    try {
      return perModel(await inTurn(runs, batch(false), { title: '同一件只逐步办完', run: batch(true) }));
    } finally {
      await models.close();
    }
  },
};

async function throughTheApi(flows: number, seed: number): Promise<void> {
  if (flows === 0) return;
  const series = await openSeries();
  try {
    await series.run({ flows, seed });
  } finally {
    await series.close();
  }
}

function perModel({ ours, beside }: Measured): Measured {
  const each = (times: number[]) => times.map((ms) => ms / AT_ONCE);
  return { ours: each(ours), ...(beside && { beside: { ...beside, times: each(beside.times) } }) };
}
