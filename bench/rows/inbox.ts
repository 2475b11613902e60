import { createClients } from '../../api/src/scenarios/index.ts';
import type { World } from '../../api/src/main/world.ts';
import type { Kit } from '../kit.ts';
import { CITY, POST, PROVINCE, ROLES } from '../million.ts';
import { inTurn, type Row } from '../row.ts';

interface Officer {
  id: string;
  title: string;
  office: string;
  reach: 'own' | 'tree';
  /** How many of the roles that tasks are offered to. */
  roles: number;
  /** Stays away from subjects with some 300 open cases each. */
  avoids?: number;
  /** Acts for somebody with these roles at the office. */
  standsIn?: { office: string; reach: 'own' | 'tree'; roles: number };
}

const OFFICERS: Officer[] = [
  { id: 'own', title: '所里的经办人', office: POST, reach: 'own', roles: 1 },
  { id: 'roles', title: '所里的经办人，8 个岗位', office: POST, reach: 'own', roles: 8 },
  { id: 'city', title: '市局领导，下辖 1200 个机关，8 个岗位', office: CITY, reach: 'tree', roles: 8 },
  { id: 'tree', title: '省局领导，下辖 1.2 万个机关，24 个岗位', office: PROVINCE, reach: 'tree', roles: ROLES },
  { id: 'avoid', title: '省局领导，回避 5 家', office: PROVINCE, reach: 'tree', roles: ROLES, avoids: 5 },
  {
    ...{ id: 'deputy', title: '所里的经办人，代省局领导', office: POST, reach: 'own', roles: 8 },
    standsIn: { office: PROVINCE, reach: 'tree', roles: ROLES },
  },
];

/** Each connection of the pool plans a statement anew until it knows it. */
const WARM_UP = 30;

/** What the page of the inbox asks for at once, each with what the engine would be asked in its place. */
const ANSWERS = [
  { id: 'inbox', title: '待办第一页', path: '/inbox?limit=20', engine: '/task?maxResults=20' },
  { id: 'counts', title: '待办计数', path: '/inbox/counts', engine: '/task/count' },
];

/** The inbox among a million open tasks, beside the engine's own query for the same groups. */
export const inboxes: Row[] = OFFICERS.flatMap((officer) =>
  ANSWERS.map(({ id, title, path, engine }) => ({
    id: `${id}-${officer.id}`,
    title: `${title}，一百万件在办：${officer.title}`,
    limit: 20,
    figure: 'p95',
    async measure(kit: Kit) {
      const world = await kit.million();
      const login = await hire(world, officer, `${id}-${officer.id}`);
      const client = await createClients({ url: world.url, people: { 测速: login }, quiet: world.app.quiet })('测速');
      for (let i = 0; i < WARM_UP; i++) await client.get(path);
      const beside = { title: '引擎自己的待办查询', run: await engineQuery(world, officer, engine) };
      return inTurn(60, () => client.get(path), beside);
    },
  })),
);

async function hire(world: World, officer: Officer, login: string): Promise<{ login: string; password: string }> {
  const { core, app } = world;
  const account = { login, password: 'Bench-2026-inbox' };
  const roles = await rolesOf(world);
  await core.db.transaction(async (trx) => {
    const by = { personId: null };
    const make = async (given: Pick<Officer, 'office' | 'reach' | 'roles'>, signsIn: boolean): Promise<string> => {
      const person = { name: '测速', kind: 'staff' as const, office: given.office, ...(signsIn && { account }) };
      const personId = await app.organisation.createPerson(trx, person, by);
      for (const role of roles.slice(0, given.roles))
        await app.organisation.grant(
          trx,
          { personId, role, office: given.office, reach: given.reach, mayTake: true },
          by,
        );
      return personId;
    };
    const id = await make(officer, true);
    const always = { from_day: '2026-01-01', to_day: '2026-12-31', declared_by: id, declared_at: new Date() };
    const subjects: string[] = await trx('case')
      .where('number', 'like', 'BENCH-1000%')
      .limit(officer.avoids ?? 0)
      .pluck('subject_id');
    for (const subject_id of subjects)
      await trx('avoidance').insert({ person_id: id, subject_id, ground: '任职', ...always });
    if (officer.standsIn)
      await trx('absence').insert({ person_id: await make(officer.standsIn, false), deputy_id: id, ...always });
  });
  return account;
}

const rolesOf = ({ core }: World): Promise<string[]> => core.db('role').orderBy('id').limit(ROLES).pluck('id');

/** The engine knows no tree of offices: whoever reads below names every group. */
async function engineQuery(world: World, officer: Officer, path: string): Promise<() => Promise<void>> {
  const roles = await rolesOf(world);
  const groups = async ({ office, reach, roles: n }: Pick<Officer, 'office' | 'reach' | 'roles'>) => {
    const below = world.core.db('office_ancestor').where({ ancestor: office }).whereRaw('length(office) = 9');
    const offices: string[] = reach === 'own' ? [office] : await below.pluck('office');
    return roles.slice(0, n).flatMap((role) => offices.map((code) => `${role}@${code}`));
  };
  const all = [...(await groups(officer)), ...(officer.standsIn ? await groups(officer.standsIn) : [])];
  // More values than the driver can bind in one statement (65,535) are refused by the database.
  const candidateGroups = all.slice(0, MOST_GROUPS);
  const { url, token } = world.engineRest;
  const headers = { 'x-engine-token': token, 'content-type': 'application/json' };
  const sorting = path.endsWith('count') ? undefined : [{ sortBy: 'dueDate', sortOrder: 'asc' }];
  const body = JSON.stringify({ candidateGroups, sorting });
  return async () => {
    const answer = await fetch(url + path, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${path} → ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
}

const MOST_GROUPS = 12_000;
