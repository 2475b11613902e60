import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import type { Audit } from '../audit/index.ts';
import { problemKind, type Core } from '../core/index.ts';
import { lockYears, readGeneration, readYears, writeYear, type LoadedYear } from './calendar.repository.ts';
import { createWorkingDays, type Unknown, type WorkingDays } from './working-days.ts';
import { checkYear, draftYear } from './year.ts';

export interface Calendar {
  /** The calendar as one value to count with; inside a transaction that loads a year, pass the transaction. */
  days(db?: Knex): Promise<WorkingDays>;
  isWorkingDay(day: string): Promise<boolean | Unknown>;
  addWorkingDays(day: string, n: number): Promise<{ day: string } | Unknown>;
  workingDaysBetween(from: string, to: string): Promise<number | Unknown>;
  years(): Promise<LoadedYear[]>;
  /**
   * Loads a whole year or replaces it. A final year is corrected by a final one only.
   * @throws Problem `invalid` with the faulty days, `calendar-final`
   */
  load(
    trx: Knex.Transaction,
    year: number,
    days: Record<string, string>,
    provisional: boolean,
    by?: string | null,
  ): Promise<void>;
  /** Loads the years that come with the product and, as provisional, a draft of `drafts`; keeps what is loaded. */
  seed(trx: Knex.Transaction, drafts?: number[]): Promise<void>;
}

export interface CalendarDeps {
  audit: Pick<Audit, 'write'>;
  incidents: { close(db: Knex, kind: 'calendar', ref: string, by?: string): Promise<void> };
}

const calendarFinal = problemKind(
  'calendar-final',
  409,
  '该年已按正式放假安排录入，不能改回暂定',
  'The final calendar of this year is loaded; it cannot become provisional again',
);

const PRODUCT_YEARS = new URL('../../data/holidays.json', import.meta.url);

/**
 * Working days by the loaded years. The calendar is kept per app and filled again as soon as the generation in the
 * table is another one; that one number is read each time.
 */
export function createCalendarService(core: Core, deps: CalendarDeps): Calendar {
  const { db } = core;
  let kept: WorkingDays | undefined;

  async function days(of: Knex = db): Promise<WorkingDays> {
    const generation = await readGeneration(of);
    if (kept?.generation === generation) return kept;
    const read = createWorkingDays(await readYears(of), generation);
    // What a transaction sees may never be committed.
    if (!of.isTransaction) kept = read;
    return read;
  }

  async function load(
    trx: Knex.Transaction,
    year: number,
    exceptions: Record<string, string>,
    provisional: boolean,
    by: string | null = null,
  ): Promise<void> {
    checkYear(year, exceptions, provisional);
    await lockYears(trx);
    const before = (await readYears(trx)).find((loaded) => loaded.year === year);
    if (before && !before.provisional && provisional) throw calendarFinal({ facts: { year } });
    const generation = (await readGeneration(trx)) + 1;
    await writeYear(trx, { year, days: exceptions, provisional, generation, at: core.time.now(), by });
    const title = `${year}${provisional ? '（暂定）' : ''}`;
    await deps.audit.write(trx, { action: 'calendar.loaded', personId: by, detail: { title, provisional } });
    await deps.incidents.close(trx, 'calendar', String(year), by ?? undefined);
  }

  return {
    days,
    load,
    isWorkingDay: async (day) => (await days()).isWorkingDay(day),
    addWorkingDays: async (day, n) => (await days()).addWorkingDays(day, n),
    workingDaysBetween: async (from, to) => (await days()).workingDaysBetween(from, to),
    years: () => readYears(db),

    async seed(trx, drafts = []) {
      await lockYears(trx);
      const known = new Set((await readYears(trx)).map(({ year }) => year));
      const product = await productYears();
      for (const [year, exceptions] of product) if (!known.has(year)) await load(trx, year, exceptions, false);
      for (const year of drafts)
        if (!known.has(year) && !product.has(year)) await load(trx, year, draftYear(year), true);
    },
  };
}

/** 2024–2026 as the State Council's notices have them. */
async function productYears(): Promise<Map<number, Record<string, string>>> {
  const { years } = JSON.parse(await readFile(PRODUCT_YEARS, 'utf8')) as {
    years: Record<string, Record<'offDates' | 'workWeekends', { date: string; name: string }[]>>;
  };
  const entries = Object.entries(years).map(([year, { offDates, workWeekends }]): [number, Record<string, string>] => [
    Number(year),
    Object.fromEntries([
      ...offDates.map(({ date, name }) => [date, `off:${name}`]),
      ...workWeekends.map(({ date, name }) => [date, `work:${name}`]),
    ]),
  ]);
  return new Map(entries);
}
