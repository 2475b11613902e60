/** Who is absent and who acts for them meanwhile (RULES, Absence). */
import { shanghaiDay, type AnyRoute, type Core, type StandIn } from '../core/index.ts';
import { absenceRoutes } from './absence.routes.ts';
import { createAbsences, type AbsenceDeps } from './absence.service.ts';
import { standingIn } from './standing-in.ts';

export { deputiesOf, grantsOf, standingIn, STANDS_IN, standInsOf } from './standing-in.ts';

export interface Absence {
  /** For whom a person acts today. */
  standingIn(personId: string): Promise<StandIn[]>;
  /** Once it is another day, by whichever copy comes first: open pages of those who act from today on, or no longer, hear that their rights have changed. */
  tick(): Promise<void>;
  routes: AnyRoute[];
}

/** One copy of the workers finds the day changed; the first tick of all only notes it. */
const TELL = `
  with told as (select day from absence_told where day < :today for update),
    moved as (update absence_told set day = :today from told returning told.day),
    begun as (insert into absence_told (day) select :today where not exists (select from absence_told)
      on conflict do nothing)
  select tell_live('rights', 'person:' || deputy_id) from absence, moved
  where ended_at is null
    and (from_day > moved.day and from_day <= :today or to_day >= moved.day and to_day < :today)`;

export function createAbsence(core: Pick<Core, 'db' | 'time'>, deps: AbsenceDeps): Absence {
  return {
    standingIn: (personId) => standingIn(core, personId),
    tick: () => core.db.raw(TELL, { today: shanghaiDay(core.time.now()) }),
    routes: absenceRoutes(createAbsences(core, deps)),
  };
}
