/** For tests: who acts in cases of generated flows. */
import type { FlowWorld } from '../../tasks/testing.ts';
import { DISTRICTS } from './parts.ts';

export const STARTER = '南明区受理岗';
/** Who may answer each step, and whose group's second answer a countersigned step needs. */
export const OFFICERS = ['甲', '乙'];
export const COUNTERSIGNER = '丙';
export const OPERATOR = '运维';

/** Everybody is of the first district, and works in the others too. */
export async function addPeople(world: FlowWorld): Promise<void> {
  for (const name of OFFICERS) await hire(name, 'cma.acceptance');
  await hire(COUNTERSIGNER, 'cma.examine');

  async function hire(name: string, role: string): Promise<void> {
    const [first, ...others] = DISTRICTS as [string, ...string[]];
    const personId = await world.person(name, first, [role]);
    await world.core.db.transaction(async (trx) => {
      for (const office of others) {
        const grant = { personId, role, office, reach: 'own' as const, mayTake: false };
        await world.app.organisation.grant(trx, grant, { personId: null });
      }
    });
  }
}
