/** Takes what was entered in one version of a form over into another. */
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import { computeFields, isTable, type CompiledField, type Field } from '../../../contracts/forms/index.ts';
import { kinds } from '../../../contracts/kinds/index.ts';
import type { Core } from '../core/index.ts';
import type { ServerForm } from './compiled.ts';
import { allRows, changeRows, removeRows } from './rows.repository.ts';
import { checked } from './rows.service.ts';
import type { Sessions } from './session.ts';
import { lockForm, merged, readVersion, writeVersion, type Data, type Place } from './versions.ts';

export interface Carry {
  /** What would not fit the form of another release: by `field`, `table` or `table.column`, as people read it. */
  lost(of: Place & { from: Release; to: Release }): Promise<Map<string, string>>;
  /** Puts the values in order for the form of that release; a seal was put on another form and goes. */
  carryOver(trx: Knex.Transaction, of: Place & { to: Release }): Promise<void>;
}

export function createCarry(core: Core, sessions: Sessions): Carry {
  return {
    async lost({ from, to, ...place }) {
      const [before, after] = [sessions.compile(from, place.form), sessions.compile(to, place.form)];
      const { version, data } = await readVersion(core.db, place);
      const { division } = await sessions.context();
      const lost = new Map<string, string>();
      const kept = fitting(after, data);
      for (const { field } of before.fields.values())
        if (field.key in data && !(field.key in kept) && isEntered(field))
          lost.set(field.key, kinds[field.type].format(data[field.key], field, 'zh', { division }));
      for (const table of before.tables.values()) {
        if (!isTable(table.field)) continue;
        const { key } = table.field;
        const rows = await allRows(core.db, { ...place, table: key }, version);
        if (rows.length === 0) continue;
        if (!after.tables.has(key)) lost.set(key, `${rows.length} 行`);
        else
          for (const column of table.columns) {
            const count = rows.filter((row) => !fits(after, column, row.data, key)).length;
            if (count > 0) lost.set(`${key}.${column.field.key}`, `${count} 行`);
          }
      }
      return lost;
    },

    async carryOver(trx, { to, ...place }) {
      await lockForm(trx, place);
      const version = await readVersion(trx, place);
      if (!version.updatedAt) return;
      const form = sessions.compile(to, place.form);
      const context = await sessions.context();
      const kept = fitting(form, version.data);
      const data = merged(kept, computeFields(form, kept, context));
      const sources = Object.fromEntries(Object.entries(version.sources).filter(([key]) => key in data));
      await writeVersion(trx, place, {
        ...version,
        data,
        sources,
        edits: version.edits + 1,
        updatedAt: core.time.now(),
      });
      for (const key of await tablesWithRows(trx, place)) {
        const at = { ...place, table: key };
        const rows = await allRows(trx, at, version.version);
        const table = form.tables.get(key);
        if (!table) {
          await removeRows(
            trx,
            at,
            version.version,
            rows.map((row) => row.rowId),
          );
          continue;
        }
        const changed = rows
          .map((row) => ({ row, now: checked(table, row.rowId, fitting(form, row.data, key), context) }))
          .filter(({ row, now }) => !isDeepStrictEqual([row.data, row.problems], [now.data, now.problems]));
        if (changed.length > 0)
          await changeRows(
            trx,
            at,
            version.version,
            changed.map(({ now }) => now),
          );
      }
    },
  };
}

/** Values that the form, or the columns of one of its tables, has a place for. */
function fitting(form: ServerForm, data: Data, table?: string): Data {
  const fields = table === undefined ? form.fields : undefined;
  return Object.fromEntries(
    Object.entries(data).filter(
      ([key, value]) =>
        fields?.get(key)?.field.type !== 'signature' && form.shape({ [key]: value }, table).length === 0,
    ),
  );
}

function fits(form: ServerForm, { field: { key } }: CompiledField<Field>, data: Data, table: string): boolean {
  return !(key in data) || form.shape({ [key]: data[key] }, table).length === 0;
}

const isEntered = ({ type }: Field) => type !== 'computed' && type !== 'signature';

async function tablesWithRows(trx: Knex.Transaction, { owner, form }: Place): Promise<string[]> {
  const rows = await trx('form_row').where({ owner, form }).whereNull('to_version').distinct('table_id');
  return rows.map((row: { table_id: string }) => row.table_id);
}
