/** Who is absent and who acts for them meanwhile (RULES, Absence). */
import type { AnyRoute, Core, StandIn } from '../core/index.ts';
import { absenceRoutes } from './absence.routes.ts';
import { createAbsences, type AbsenceDeps } from './absence.service.ts';
import { standingIn } from './standing-in.ts';

export { standingIn } from './standing-in.ts';

export interface Absence {
  /** For whom a person acts today. */
  standingIn(personId: string): Promise<StandIn[]>;
  routes: AnyRoute[];
}

export function createAbsence(core: Pick<Core, 'db' | 'time'>, deps: AbsenceDeps): Absence {
  return {
    standingIn: (personId) => standingIn(core, personId),
    routes: absenceRoutes(createAbsences(core, deps)),
  };
}
