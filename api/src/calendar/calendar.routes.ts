import { z } from 'zod';
import { CalendarBody, CalendarView, CalendarYearView } from '../../../contracts/api/calendar.ts';
import { defineRoute, invalidInput, notFound, staleWrite, type AnyRoute, type Core } from '../core/index.ts';
import type { LoadedYear } from './calendar.repository.ts';
import type { Calendar } from './calendar.service.ts';
import { draftYear } from './year.ts';

/** `loaded` brings everything that was computed with the old calendar up to date. */
export function calendarRoutes(core: Core, calendar: Calendar, loaded: () => Promise<unknown>): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/calendar',
      title: { zh: '工作日历', en: 'Working-day calendar' },
      rights: { kind: 'signed-in' },
      answer: CalendarView,
      async handle() {
        return { years: (await calendar.years()).map(view) };
      },
    }),
    defineRoute({
      method: 'put',
      path: '/calendar/:year',
      title: { zh: '录入一年的放假安排', en: 'Load the calendar of a year' },
      rights: { kind: 'role', roles: ['admin'] },
      params: z.object({ year: z.coerce.number().int().min(2000).max(2100) }),
      body: CalendarBody,
      answer: CalendarYearView,
      async handle({ who, params: { year }, body: { provisional, days, seen } }) {
        const exceptions = days ?? (provisional ? draftYear(year) : undefined);
        if (!exceptions)
          throw invalidInput({
            fields: [{ path: 'days', zh: '正式安排要录入全年的放假日和补班日', en: 'Give the days of the year' }],
          });
        await core.db.transaction(async (trx) => {
          await trx.raw(`select pg_advisory_xact_lock(hashtext('calendar'))`);
          const loaded = await trx('calendar_year').where({ year }).first('loaded_at', 'days');
          const now: string | null = loaded?.loaded_at.toISOString() ?? null;
          if (now !== seen) throw staleWrite({ seen: now, theirs: loaded?.days ?? {}, yours: exceptions });
          await calendar.load(trx, year, exceptions, provisional, who.personId);
        });
        await loaded();
        const now = (await calendar.years()).find((one) => one.year === year);
        if (!now) throw notFound();
        return view(now);
      },
    }),
  ];
}

function view({ year, provisional, loadedAt, days }: LoadedYear): CalendarYearView {
  return {
    year,
    provisional,
    loadedAt: loadedAt.toISOString(),
    days: Object.entries(days)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([day, what]) => {
        const [kind, name] = what.split(':');
        return { day, kind: kind as 'off' | 'work', name };
      }),
  };
}
