/** Which days are working days: loaded year by year, provisional or final, never guessed. */
import type { AnyRoute, Core } from '../core/index.ts';
import { calendarRoutes } from './calendar.routes.ts';
import { createCalendarService, type Calendar, type CalendarDeps } from './calendar.service.ts';

export type { Calendar } from './calendar.service.ts';
export { createWorkingDays, unknownYear, type CalendarYear, type Unknown, type WorkingDays } from './working-days.ts';

/** `loaded` is called after a year was loaded over the route, outside of any transaction. */
export function createCalendar(
  core: Core,
  deps: CalendarDeps & { loaded: () => Promise<unknown> },
): { calendar: Calendar; routes: AnyRoute[] } {
  const calendar = createCalendarService(core, deps);
  return { calendar, routes: calendarRoutes(core, calendar, deps.loaded) };
}
