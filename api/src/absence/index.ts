/** Who is absent and who acts for them meanwhile (RULES, Absence). */
import { shanghaiDay, type AnyRoute, type Core, type StandIn } from '../core/index.ts';
import { absenceRoutes } from './absence.routes.ts';
import { createAbsences, type AbsenceDeps } from './absence.service.ts';
import { standingIn } from './standing-in.ts';

export { deputiesOf, grantsOf, standingIn, STANDS_IN, standInsOf } from './standing-in.ts';

export interface Absence {
  /** For whom a person acts today. */
  standingIn(personId: string): Promise<StandIn[]>;
  /** Once it is another day: open pages of those who act from today on, or no longer, hear that their rights have changed. */
  tick(): Promise<void>;
  routes: AnyRoute[];
}

export function createAbsence(core: Pick<Core, 'db' | 'time'>, deps: AbsenceDeps): Absence {
  let told = shanghaiDay(core.time.now());
  return {
    standingIn: (personId) => standingIn(core, personId),
    async tick() {
      const today = shanghaiDay(core.time.now());
      if (today === told) return;
      await core.db.raw(
        `select tell_live('rights', 'person:' || deputy_id) from absence
         where ended_at is null and (from_day > :told and from_day <= :today or to_day >= :told and to_day < :today)`,
        { told, today },
      );
      told = today;
    },
    routes: absenceRoutes(createAbsences(core, deps)),
  };
}
