import type { Knex } from 'knex';
import type { CalendarYear } from './working-days.ts';

export interface LoadedYear extends CalendarYear {
  loadedAt: Date;
}

/** The state of the calendar as one number; 0 when no year is loaded. */
export async function readGeneration(db: Knex): Promise<number> {
  const row = await db('calendar_year').max('generation as generation').first();
  return row?.generation ?? 0;
}

export async function readYears(db: Knex): Promise<LoadedYear[]> {
  const rows = await db('calendar_year').orderBy('year');
  return rows.map((row) => ({
    year: row.year,
    provisional: row.provisional,
    days: row.days,
    loadedAt: row.loaded_at,
  }));
}

/** Writers wait for one another, so that generations rise in the order of commits. */
export async function lockYears(trx: Knex.Transaction): Promise<void> {
  await trx.raw('lock table calendar_year in share row exclusive mode');
}

export async function writeYear(
  trx: Knex.Transaction,
  year: CalendarYear & { generation: number; at: Date; by: string | null },
): Promise<void> {
  const row = {
    provisional: year.provisional,
    days: JSON.stringify(year.days),
    generation: year.generation,
    loaded_at: year.at,
    loaded_by: year.by,
  };
  await trx('calendar_year')
    .insert({ year: year.year, ...row })
    .onConflict('year')
    .merge(row);
}
