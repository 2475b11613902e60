import type { Knex } from 'knex';
import type { z } from 'zod';
import type { OfficeBody, OfficeChange, OfficeRow } from '../../../contracts/api/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import { invalidInput, notFound, type Core } from '../core/index.ts';

export interface Offices {
  office(code: string): Promise<OfficeRow | null>;
  /**
   * Makes an office; its level, division and the office above follow from the code. An office between two others takes
   * its place between them. Throws `invalid` for a code outside the root office, without a division, or taken.
   */
  createOffice(trx: Knex.Transaction, office: z.infer<typeof OfficeBody>, by: Actor): Promise<void>;
  changeOffice(trx: Knex.Transaction, code: string, change: z.infer<typeof OfficeChange>, by: Actor): Promise<void>;
}

const LEVELS: Record<number, OfficeRow['level']> = { 2: 'province', 4: 'city', 6: 'county', 9: 'township' };

export function createOffices(
  core: Pick<Core, 'db' | 'settings'>,
  { audit }: { audit: Pick<Audit, 'write'> },
): Offices {
  const root = core.settings.rootOffice;

  return {
    office: async (code) => {
      const row = await core.db('office').where({ code }).first();
      return row ? officeOf(row) : null;
    },

    async createOffice(trx, { code, name, shortName, profile }, by) {
      await trx.raw(`select pg_advisory_xact_lock(hashtext('office tree'))`);
      const division = code.slice(0, 6).padEnd(6, '0');
      if (!code.startsWith(root)) throw bad(`机关代码以 ${root} 开头`, `An office's code begins with ${root}`);
      if (code !== root && !(await trx('office').where({ code: root }).first('code')))
        throw bad(`先设立 ${root}`, `Create ${root} first`);
      if (!(await trx('division').where({ code: division }).first('code')))
        throw bad(`没有行政区划 ${division}，核对代码`, `There is no division ${division}`);
      const made = await trx('office')
        .insert({ code, name, short_name: shortName, level: LEVELS[code.length], division, profile })
        .onConflict('code')
        .ignore()
        .returning('code');
      if (made.length === 0) throw bad(`代码 ${code} 已有机关`, `There is an office with the code ${code}`);
      await placeInTree(trx, code);
      await audit.write(trx, { ...by, action: 'office.created', detail: { title: name, number: code, profile } });
    },

    async changeOffice(trx, code, { name, shortName, profile }, by) {
      const before = await trx('office').where({ code }).forUpdate().first();
      if (!before) throw notFound();
      const after = {
        name: name ?? before.name,
        short_name: shortName ?? before.short_name,
        profile: profile ?? before.profile,
      };
      await trx('office').where({ code }).update(after);
      await audit.write(trx, {
        ...by,
        action: 'office.changed',
        detail: {
          title: after.name,
          number: code,
          before: { name: before.name, short_name: before.short_name, profile: before.profile },
          after,
        },
      });
    },
  };
}

/** The ancestors of an office are those whose code its own code begins with; itself at distance 0. */
async function placeInTree(trx: Knex.Transaction, code: string): Promise<void> {
  const below = `${code}%`;
  await trx('office_ancestor').where('office', 'like', below).delete();
  await trx.raw(
    `insert into office_ancestor (office, ancestor, distance)
     select o.code, a.code, row_number() over (partition by o.code order by length(a.code) desc) - 1
     from office o join office a on o.code like a.code || '%'
     where o.code like ?`,
    [below],
  );
  await trx.raw(
    `update office o set parent = a.ancestor from office_ancestor a
     where a.office = o.code and a.distance = 1 and o.code like ?`,
    [below],
  );
}

const bad = (zh: string, en: string) => invalidInput({ fields: [{ path: 'code', zh, en }] });

export function officeOf(row: Record<string, never>): OfficeRow {
  const { code, name, short_name: shortName, level, division, parent, profile } = row;
  return { code, name, shortName, level, division, parent, profile };
}
