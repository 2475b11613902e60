/** All outside systems that are known. */
import { doubleRandom } from './double-random/system.ts';
import type { Counterpart, OutsideSystem } from './system.ts';

export const systems: Record<string, OutsideSystem> = Object.fromEntries([doubleRandom].map((one) => [one.id, one]));

/** The counterparts of all systems behind one call. */
export function counterparts(): Counterpart {
  const made = Object.fromEntries(Object.values(systems).map(({ id, counterpart }) => [id, counterpart()]));
  return (call) => made[call.system]?.(call) ?? { status: 404, body: { message: `no system ${call.system}` } };
}
