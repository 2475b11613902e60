/** Lets time pass: timers fire at their own moments, those of one case in the order of date, activity and thread. */
import type { z } from 'zod';
import type { Job } from '../../../engine-adapters/port/index.ts';
import type { CalendarView } from '../../../contracts/api/calendar.ts';
import { dayNumber, dayText } from '../../../contracts/days.ts';
import { calendarDays, parseLimit } from '../../../contracts/limits.ts';
import { createWorkingDays, type WorkingDays } from '../calendar/index.ts';
import { shanghaiDay, startOfDay } from '../core/index.ts';
import type { Client } from './client.ts';
import type { World } from './world.ts';

/** The same time of day, so many days later. `client` reads the calendar. */
export async function pass(world: World, client: Client, limit: string): Promise<void> {
  await passUntil(world, await later(world.time.now(), client, limit));
}

/** Moves time on to this moment. */
export async function passUntil({ time, engine, quiet }: Moving, target: Date): Promise<void> {
  for (;;) {
    const next = nextOf(await engine.jobs({ kind: 'timer', dueUntil: target }));
    if (next.length === 0) break;
    goTo(next[0]!.due!);
    // What else happens at that moment comes first; it may take the timer away.
    await quiet();
    const still = new Set((await engine.jobs({ kind: 'timer', dueUntil: time.now() })).map(({ id }) => id));
    for (const { id } of next) if (still.has(id)) await engine.executeJob(id);
    await quiet();
  }
  goTo(target);
  await quiet();

  function goTo(moment: Date): void {
    if (moment > time.now()) time.advanceTo(moment);
  }
}

/** The timers of the next moment, one of each case: what it does may take others of its case away. */
function nextOf(jobs: Job[]): Job[] {
  const live = jobs.filter((job) => job.retries > 0);
  const cases = new Set<string>();
  return live.filter(({ due, instanceId }) => {
    if (due!.getTime() !== live[0]!.due!.getTime() || cases.has(instanceId)) return false;
    cases.add(instanceId);
    return true;
  });
}

/** What moves with time. */
export type Moving = Pick<World, 'time' | 'engine' | 'quiet'>;

async function later(now: Date, client: Client, text: string): Promise<Date> {
  const limit = parseLimit(text);
  const today = shanghaiDay(now);
  const timeOfDay = now.getTime() - startOfDay(today).getTime();
  const day = limit.unit === 'WD' ? await workingDay(client, today, limit.count) : plain(today, limit);
  return new Date(startOfDay(day).getTime() + timeOfDay);
}

const plain = (today: string, limit: Parameters<typeof calendarDays>[0]): string =>
  dayText(dayNumber(today) + calendarDays(limit, dayNumber(today)));

async function workingDay(client: Client, today: string, count: number): Promise<string> {
  const found = (await workingDays(client)).addWorkingDays(today, count);
  if ('unknown' in found) throw new Error(`no ${found.unknown}`);
  return found.day;
}

/** The calendar that is loaded. */
export async function workingDays(client: Client): Promise<WorkingDays> {
  const { years } = await client.get<z.infer<typeof CalendarView>>('/calendar');
  return createWorkingDays(
    years.map(({ year, provisional, days }) => ({
      year,
      provisional,
      days: Object.fromEntries(days.map(({ day, kind, name }) => [day, `${kind}:${name}`])),
    })),
  );
}
