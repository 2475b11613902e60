import type { FormView } from '../../contracts/api/index.ts';
import type { Client } from '../../api/src/scenarios/index.ts';
import { inTurn, type Row } from '../row.ts';

export const autosave: Row = {
  id: 'autosave',
  title: '自动保存一项，表内有 300 项能力（接口）',
  limit: 50,
  figure: 'median',
  async measure(kit) {
    const client = await kit.client('申请人');
    const full = await saver(client, await kit.draft());
    const { id } = await client.send<{ id: string }>('POST', '/drafts', { flow: 'cma-initial' });
    const empty = await saver(client, id);
    return inTurn(40, full, { title: '空申请', run: empty });
  },
};

/** Saves another value of one field at each run. */
async function saver(client: Client, owner: string): Promise<(run: number) => Promise<void>> {
  const path = `/forms/${owner}/application`;
  let { edits } = await client.get<FormView>(path);
  return async (run) => {
    const set = { contactName: `联系人${run}` };
    ({ edits } = await client.send<{ edits: number }>('PATCH', path, { edits, set }));
  };
}
