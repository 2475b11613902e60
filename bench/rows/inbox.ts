import { createClients, type Client } from '../../api/src/scenarios/index.ts';
import type { Kit } from '../kit.ts';
import { CLERK_OFFICE, PROVINCE, ROLE } from '../million.ts';
import { inTurn, type Row } from '../row.ts';

/** First page and counts of the inbox among a million open tasks, beside the engine's own query for the same groups. */
export const inboxes: Row[] = (
  [
    { who: '所里的经办人', office: CLERK_OFFICE, reach: 'own' },
    { who: '省局领导，下辖 1.2 万个机关', office: PROVINCE, reach: 'tree' },
  ] as const
).map(({ who, office, reach }) => ({
  id: `inbox-${reach}`,
  title: `待办第一页和计数，一百万件在办：${who}`,
  limit: 20,
  figure: 'p95',
  async measure(kit: Kit) {
    const client = await officer(kit, office, reach);
    const engine = await engineQuery(kit, office, reach);
    return inTurn(
      60,
      async () => {
        await client.get('/inbox?limit=20');
        await client.get('/inbox/counts');
      },
      { title: '引擎自己的待办查询', run: engine },
    );
  },
}));

async function officer(kit: Kit, office: string, reach: 'own' | 'tree'): Promise<Client> {
  const world = await kit.million();
  const person = { login: `bench-${reach}`, password: 'Bench-2026-inbox' };
  await world.core.db.transaction(async (trx) => {
    const { organisation } = world.app;
    const by = { personId: null };
    const personId = await organisation.createPerson(trx, { name: '测速', kind: 'staff', office, account: person }, by);
    await organisation.grant(trx, { personId, role: ROLE, office, reach, mayTake: true }, by);
  });
  return createClients({ url: world.url, people: { 测速: person }, quiet: world.app.quiet })('测速');
}

/** The engine knows no tree of offices: whoever reads below names every group. */
async function engineQuery(kit: Kit, office: string, reach: 'own' | 'tree'): Promise<() => Promise<void>> {
  const world = await kit.million();
  const below = world.core.db('office_ancestor').where({ ancestor: office });
  const offices: string[] = reach === 'own' ? [office] : await below.pluck('office');
  const candidateGroups = offices.map((code) => `${ROLE}@${code}`);
  const ask = async (path: string, body: object) => {
    const { url, token } = world.engineRest;
    const headers = { 'x-engine-token': token, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} → ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const sorting = [{ sortBy: 'dueDate', sortOrder: 'asc' }];
  return async () => {
    await ask('/task?maxResults=20', { candidateGroups, sorting });
    await ask('/task/count', { candidateGroups });
  };
}
