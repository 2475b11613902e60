/** What lists of tasks and cases are narrowed by, as SQL. */
import type { Knex } from 'knex';
import { z } from 'zod';
import type { ListFilter } from '../../../contracts/api/index.ts';
import { invalidInput } from '../core/index.ts';
import { caseWords } from './words.ts';

export interface Piece {
  sql: string;
  values: Knex.Value[];
}
export const none: Piece = { sql: 'true', values: [] };

export function and(...pieces: Piece[]): Piece {
  const asked = pieces.filter((piece) => piece !== none);
  if (asked.length === 0) return none;
  return {
    sql: asked.map(({ sql }) => `(${sql})`).join(' and '),
    values: asked.flatMap(({ values }) => values),
  };
}

/** Days as the lists need them: today and the last day of "soon" (three working days ahead). */
export interface ListDays {
  today: string;
  soon: string;
}

/** `column` is the last day of a task, `infinity` where it has none. */
export function dueWithin(column: string, due: ListFilter['due'], { today, soon }: ListDays): Piece {
  switch (due) {
    case 'overdue':
      return { sql: `${column} < ?::date`, values: [today] };
    case 'today':
      // As a range: with a day alone PostgreSQL would forget that the rows come in order.
      return { sql: `${column} between ?::date and ?::date`, values: [today, today] };
    case 'soon':
      return { sql: `${column} > ?::date and ${column} <= ?::date`, values: [today, soon] };
    case 'later':
      return { sql: `${column} > ?::date and ${column} < 'infinity'`, values: [soon] };
    case 'none':
      return { sql: `${column} = 'infinity'`, values: [] };
    default:
      return none;
  }
}

/** `column` is a moment; the days are those of Shanghai, both included. */
export function between(column: string, { from, to }: Pick<ListFilter, 'from' | 'to'>): Piece {
  return and(
    from ? { sql: `${column} >= ?::timestamptz`, values: [`${from}T00:00:00+08:00`] } : none,
    to ? { sql: `${column} < ?::timestamptz + interval '1 day'`, values: [`${to}T00:00:00+08:00`] } : none,
  );
}

/** A division and what lies below it: 520100 covers 520102. */
export function inDivision(column: string, division: string | undefined): Piece {
  if (!division) return none;
  return { sql: `${column} like ?`, values: [`${division.replace(/(00)+$/, '')}%`] };
}

export function equal(column: string, value: string | undefined): Piece {
  return value ? { sql: `${column} = ?`, values: [value] } : none;
}

/** A condition on `"case" as c`, see `caseWords`. */
export function findsWords(q: string | undefined, how: { indexed: boolean }): Piece {
  return q?.trim() ? caseWords(q, how) : none;
}

/**
 * A condition on `"case" as c`, for lists of cases: `at` is the moment that `from` and `to` are about; step and deadline
 * are those of an open task, where the list doesn't say which `step` it is about.
 */
export function casesFitting(filter: ListFilter, days: ListDays, { at, step }: { at: string; step?: string }): Piece {
  const open = (asked: Piece): Piece =>
    asked === none
      ? none
      : {
          sql: `exists (select from task t where t.case_id = c.id and t.ended_at is null and ${asked.sql})`,
          values: asked.values,
        };
  return and(
    findsWords(filter.q, { indexed: false }),
    equal('c.flow', filter.flow),
    inDivision('coalesce(c.division, c.office)', filter.division),
    step ? equal(step, filter.step) : open(equal('t.step', filter.step)),
    between(at, filter),
    open(dueWithin(`coalesce(t.due_on, 'infinity')`, filter.due, days)),
  );
}

/**
 * What comes after a place, `2026-11-21T02:32:00.000Z~<id>`, in a list whose newest stand first.
 * @throws invalid
 */
export function after(place: string | undefined, { at, id }: { at: string; id: string }): Piece {
  if (place === undefined) return none;
  const [moment, last] = place.split('~');
  if (!last || !z.iso.datetime().safeParse(moment).success) throw noPlace();
  return { sql: `(${at}, ${id}::text) < (?::timestamptz, ?)`, values: [moment!, last] };
}

export const noPlace = () =>
  invalidInput({
    fields: [{ path: 'after', zh: '翻页位置不对，从头再看', en: 'Not a place in this list; start again' }],
  });
