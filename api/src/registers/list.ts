/** Lists of registers: what a person may see of one, narrowed by words, filters or a subject. */
import type { Knex } from 'knex';
import { invalidInput, type Core } from '../core/index.ts';
import type { Scope } from '../rights/index.ts';
import { columnOf, type RegisterChild, type RegisterDeclaration, type RegisterField } from './register.ts';
import { fromRow, type RegisterRow } from './registers.service.ts';
import { entriesOf, limit, matching } from './search.ts';

type Db = Pick<Core, 'db' | 'time'>;

export interface Wanted {
  q?: string;
  /** `state:valid,division:5201`: field and value, several joined by commas. */
  filter?: string;
  /** Entries that belong to this one. */
  subject?: string;
}

/** Entries in order of their names. @throws Problem where a filter is none of the register's */
export function listed(core: Db, d: RegisterDeclaration, scope: Scope, { q, filter, subject }: Wanted) {
  const query = entriesOf(core, d)
    .modify(limit(d, scope))
    .orderBy([`r.${columnOf(d.name)}`, 'r.id']);
  if (q) query.modify(matching(d, q));
  if (subject) query.where(`r.${d.subject}`, subject);
  for (const one of filter?.split(',').filter(Boolean) ?? []) query.modify(narrowing(d, one));
  return query;
}

/** After an entry of the list before, in the order of `listed`. */
export function following(d: RegisterDeclaration, id: string): (query: Knex.QueryBuilder) => void {
  const name = columnOf(d.name);
  return (query) =>
    query.whereRaw('(r.??, r.id) > (select x.??, x.id from ?? x where x.id = ?)', [name, name, d.table, id]);
}

export interface RowsWanted {
  q?: string;
  /** Rows to pass over. */
  after: number;
  limit: number;
}

/** Rows of a child in their order, those in which each word occurs in some column. */
export async function rowsOf(
  db: Knex,
  d: RegisterDeclaration,
  child: RegisterChild,
  id: string,
  { q, after, limit: size }: RowsWanted,
): Promise<{ rows: RegisterRow[]; total: number }> {
  const found = db(child.table).where({ [`${d.table}_id`]: id });
  const columns = child.fields.map(({ column }) => column);
  for (const word of q?.split(/\s+/).filter(Boolean) ?? [])
    found.whereRaw(`concat_ws(' ', ${columns.map(() => '??').join(', ')}) ilike ?`, [
      ...columns,
      `%${word.replace(/[\\%_]/g, (x) => `\\${x}`)}%`,
    ]);
  const [rows, [{ count }]] = await Promise.all([
    found.clone().orderBy(['ordinal', 'id']).offset(after).limit(size),
    found.clone().count({ count: '*' }),
  ]);
  return {
    rows: rows.map((row: Record<string, unknown>) => ({ id: String(row.id), data: fromRow(child.fields, row) })),
    total: Number(count),
  };
}

function narrowing(d: RegisterDeclaration, filter: string): (query: Knex.QueryBuilder) => void {
  const [id, value] = filter.split(':');
  const field = d.filters.includes(id!) ? d.fields.find((one) => one.id === id) : undefined;
  if (!field || !value)
    throw invalidInput({
      fields: [{ path: 'filter', zh: `不能按「${filter}」筛选`, en: `There is no filter "${filter}"` }],
    });
  return (query) => {
    if (field.type === 'division') query.whereLike(`r.${field.column}`, `${prefixOf(field, value)}%`);
    else query.where(`r.${field.column}`, value);
  };
}

/** 520100 stands for all that begins with 5201. */
function prefixOf({ label }: RegisterField, code: string): string {
  if (!/^\d{2,6}$/.test(code))
    throw invalidInput({
      fields: [{ path: 'filter', zh: `${label.zh}填区划代码`, en: `${label.en} takes a division code` }],
    });
  return code.replace(/(00){1,2}$/, '');
}
