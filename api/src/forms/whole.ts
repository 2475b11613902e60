/** All forms and tables of a case or draft, in two statements. */
import type { Knex } from 'knex';
import type { FormRow, ReadForms } from './ruled.ts';
import type { Data } from './versions.ts';

/** As they stand now: each form's version that is worked on, or its last one. */
export async function readWhole(db: Knex, owner: string): Promise<ReadForms> {
  const newest = db('form_version').distinctOn('form').where({ owner }).orderBy('form').orderBy('version', 'desc');
  const [versions, rows]: [
    { form: string; data: Data }[],
    (Omit<FormRow, 'position'> & { form: string; table: string })[],
  ] = await Promise.all([
    newest.clone().select('form', 'data'),
    db('form_row as r')
      .join(newest.clone().select('form', 'version').as('v'), 'v.form', 'r.form')
      .where({ 'r.owner': owner })
      .whereRaw('r.from_version <= v.version and (r.to_version is null or r.to_version >= v.version)')
      .orderBy(['r.position', 'r.id'])
      .select({ form: 'r.form', table: 'r.table_id', rowId: 'r.row_id', data: 'r.data' }),
  ]);
  const dataOf = new Map(versions.map(({ form, data }) => [form, data]));
  const rowsOf = new Map<string, FormRow[]>();
  for (const { form, table, rowId, data } of rows) {
    const before = rowsOf.get(`${form}.${table}`) ?? [];
    rowsOf.set(`${form}.${table}`, before);
    before.push({ rowId, position: before.length + 1, data });
  }
  return {
    read: (of, form) => Promise.resolve({ data: (of === owner && dataOf.get(form)) || {} }),
    rows: (of, form, table) => Promise.resolve((of === owner && rowsOf.get(`${form}.${table}`)) || []),
  };
}
