/** Opens a form for a new owner, filled with what the subject's register knows. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import { isTable } from '../../../contracts/forms/index.ts';
import { shanghaiDay, type Core } from '../core/index.ts';
import { insertRows } from './rows.repository.ts';
import { checked } from './rows.service.ts';
import type { Sessions } from './session.ts';
import { lockForm, merged, readVersion, type Data, type Place } from './versions.ts';

/** What forms are filled from. */
export interface SubjectRegisters {
  title(register: string): { zh: string; en: string };
  find(register: string, id: string): Promise<{ id: string; fields: Data; updatedAt: Date } | null>;
  rows(register: string, id: string, child: string): Promise<{ id: string; data: Data }[]>;
}

export interface Opening extends Place {
  release: Release;
  /** Entry of a register whose fields and rows of the same ids fill the form. */
  subject?: { register: string; id: string };
  /** Values of fields that are known besides. */
  known?: Data;
}

export function createOpen(core: Core, sessions: Sessions, registers: SubjectRegisters) {
  return async (
    trx: Knex.Transaction,
    { owner, form: name, release, subject, known: besides }: Opening,
  ): Promise<void> => {
    const place = { owner, form: name };
    await lockForm(trx, place);
    if ((await readVersion(trx, place)).updatedAt) return;
    const form = sessions.compile(release, name);
    const context = await sessions.context();
    const entry = subject ? await registers.find(subject.register, subject.id) : null;
    const known = Object.fromEntries(
      Object.entries({ ...entry?.fields, ...besides }).filter(
        ([key, value]) => form.fields.has(key) && form.shape({ [key]: value }).length === 0,
      ),
    );
    const data = merged({}, known);
    const source = entry && sourceOf(registers.title(subject!.register), shanghaiDay(entry.updatedAt));
    const registered = Object.keys(data).filter((key) => key in (entry?.fields ?? {}));
    const at = core.time.now();
    await trx('form_version').insert({
      ...place,
      version: 1,
      data: JSON.stringify(data),
      sources: JSON.stringify(Object.fromEntries(registered.map((key) => [key, source]))),
      updated_at: at,
    });
    for (const table of form.tables.values()) {
      if (!subject || !isTable(table.field) || !table.field.rowsFrom) continue;
      const columns = new Set(table.columns.map((column) => column.field.key));
      const rows = (await registers.rows(subject.register, subject.id, table.field.rowsFrom)).map((row) => {
        const values = Object.fromEntries(Object.entries(row.data).filter(([key]) => columns.has(key)));
        return checked(table, row.id, merged({}, values), context);
      });
      if (rows.length > 0) await insertRows(trx, { ...place, table: table.field.key }, 1, rows);
    }
  };
}

const sourceOf = (title: { zh: string; en: string }, day: string) => ({
  zh: `${title.zh} ${day}`,
  en: `${title.en}, ${day}`,
});
