/** What differs between two versions of a form: fields, rows, materials. */
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import { readVersion, type Data, type Place } from './versions.ts';

export interface Change {
  /** `uscc`, `capabilities/<row>` for a row that came or went, `capabilities/<row>/limits` for a cell, `materials/<item>`. */
  path: string;
  before: unknown;
  after: unknown;
}

export async function changesBetween(db: Knex, place: Place, from: number, to: number): Promise<Change[]> {
  const [old, now] = [await readVersion(db, place, from), await readVersion(db, place, to)];
  const { rows } = await db.raw(
    `with o as (select * from form_row where owner = :owner and form = :form and from_version <= :from and (to_version is null or to_version >= :from)),
       n as (select * from form_row where owner = :owner and form = :form and from_version <= :to and (to_version is null or to_version >= :to))
     select coalesce(n.table_id, o.table_id) as table_id, coalesce(n.row_id, o.row_id) as row_id, o.data as before, n.data as after
     from o full join n on n.table_id = o.table_id and n.row_id = o.row_id
     where o.id is distinct from n.id
     order by 1, coalesce(n.position, o.position), coalesce(n.id, o.id)`,
    { ...place, from, to },
  );
  const materials = await db('material')
    .where({ owner: place.owner })
    .whereBetween('version', [from + 1, to])
    .whereNull('replaced_at')
    // Files of fields and lists of faulty rows belong to no required material.
    .whereRaw(`position(':' in item) = 0`)
    .orderBy('uploaded_at')
    .select('item', 'name');
  return [
    ...differing(old.data, now.data, ''),
    ...rows.flatMap(({ table_id, row_id, before, after }: Record<string, never>) =>
      before && after
        ? differing(before, after, `${table_id}/${row_id}/`)
        : [{ path: `${table_id}/${row_id}`, before, after }],
    ),
    ...materials.map(({ item, name }) => ({ path: `materials/${item}`, before: null, after: name })),
  ];
}

export function differing(before: Data, after: Data, at: string): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => ({ path: at + key, before: before[key] ?? null, after: after[key] ?? null }));
}
