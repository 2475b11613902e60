import type { Knex } from 'knex';
import type { z } from 'zod';
import type { OfficeBody, OfficeChange, OfficeRow } from '../../../contracts/api/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import { invalidInput, notFound, problemKind, staleWrite, type Core } from '../core/index.ts';

export interface Offices {
  office(code: string): Promise<OfficeRow | null>;
  /**
   * Makes an office; its level, division and the office above follow from the code. An office between two others takes
   * its place between them. Throws `invalid` for a code outside the root office, without a division, or taken.
   */
  createOffice(trx: Knex.Transaction, office: z.infer<typeof OfficeBody>, by: Actor): Promise<void>;
  /** @throws stale with both versions */
  changeOffice(trx: Knex.Transaction, code: string, change: z.infer<typeof OfficeChange>, by: Actor): Promise<void>;
  /**
   * Does away with an office at which nobody and nothing is left; it stays for the cases that it had.
   * @throws stale with both versions
   */
  endOffice(trx: Knex.Transaction, code: string, version: number, by: Actor): Promise<void>;
  /** Opens an office again that was ended, in its place in the tree. @throws stale with both versions */
  reopenOffice(trx: Knex.Transaction, code: string, version: number, by: Actor): Promise<void>;
}

const officeInUse = problemKind('office-in-use', 409, '机关还不能撤销', 'The office can’t be ended yet');

const LEVELS: Record<number, OfficeRow['level']> = { 2: 'province', 4: 'city', 6: 'county', 9: 'township' };

export function createOffices(
  core: Pick<Core, 'db' | 'settings' | 'time'>,
  { audit }: { audit: Pick<Audit, 'write'> },
): Offices {
  const root = core.settings.rootOffice;

  return {
    office: async (code) => {
      const row = await core.db('office').where({ code }).first();
      return row ? officeOf(row) : null;
    },

    async createOffice(trx, { code, name, shortName, profile }, by) {
      await lockTree(trx);
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

    async changeOffice(trx, code, { version, ...change }, by) {
      const before = await trx('office').where({ code, ended_at: null }).forUpdate().first();
      if (!before) throw notFound();
      if (before.version !== version) {
        const { name, shortName, profile } = officeOf(before);
        throw staleWrite({ seen: before.version, theirs: { name, shortName, profile }, yours: change });
      }
      const { name, shortName, profile } = change;
      const after = {
        name: name ?? before.name,
        short_name: shortName ?? before.short_name,
        profile: profile ?? before.profile,
      };
      await trx('office')
        .where({ code })
        .update({ ...after, version: version + 1 });
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

    async endOffice(trx, code, version, by) {
      await lockTree(trx);
      const found = await seenOffice(trx, code, version, { ended: false });
      const left = await whatIsLeft(trx, code);
      if (left) throw officeInUse(left);
      await trx('office')
        .where({ code })
        .update({ ended_at: core.time.now(), version: version + 1 });
      await audit.write(trx, { ...by, action: 'office.ended', detail: { title: found.name, number: code } });
    },

    async reopenOffice(trx, code, version, by) {
      await lockTree(trx);
      const { name } = await seenOffice(trx, code, version, { ended: true });
      await trx('office')
        .where({ code })
        .update({ ended_at: null, version: version + 1 });
      await placeInTree(trx, code);
      await audit.write(trx, { ...by, action: 'office.reopened', detail: { title: name, number: code } });
    },
  };
}

/** An office under lock, ended or not, as it was seen. @throws stale with both versions */
async function seenOffice(
  trx: Knex.Transaction,
  code: string,
  version: number,
  { ended }: { ended: boolean },
): Promise<OfficeRow> {
  const found = await trx('office').where({ code }).forUpdate().first();
  if (!found) throw notFound();
  const office = officeOf(found);
  const { name, shortName, profile, endedAt, version: seen } = office;
  if (seen !== version || (endedAt !== null) !== ended)
    throw staleWrite({ seen, theirs: { name, shortName, profile, ended: endedAt !== null }, yours: { ended: !ended } });
  return office;
}

const lockTree = (trx: Knex.Transaction) => trx.raw(`select pg_advisory_xact_lock(hashtext('office tree'))`);

/** What stands against ending an office, with how to mend it. */
async function whatIsLeft(trx: Knex.Transaction, code: string): Promise<{ zh: string; en: string } | undefined> {
  const { rows } = await trx.raw<{ rows: Record<'below' | 'people' | 'grants' | 'cases', number>[] }>(
    `select
       (select count(*)::int from office where parent = :code and ended_at is null) as below,
       (select count(*)::int from person where office = :code and left_at is null) as people,
       (select count(*)::int from role_grant where office = :code and ended_at is null) as grants,
       (select count(*)::int from "case" where office = :code and closed_at is null) as cases`,
    { code },
  );
  const { below, people, grants, cases } = rows[0]!;
  const zh = [
    ...(below ? [`${below} 个下级机关，先撤销`] : []),
    ...(people ? [`${people} 位人员，先调到别的机关`] : []),
    ...(grants ? [`${grants} 个角色，先收回`] : []),
    ...(cases ? [`${cases} 件在办，先办结`] : []),
  ];
  const en = [
    ...(below ? [`${below} offices below`] : []),
    ...(people ? [`${people} people`] : []),
    ...(grants ? [`${grants} grants of roles`] : []),
    ...(cases ? [`${cases} running cases`] : []),
  ];
  return zh.length > 0 ? { zh: `还有 ${zh.join('；')}`, en: `It still has ${en.join(', ')}` } : undefined;
}

/** The ancestors of an office are those whose code its own code begins with; itself at distance 0. */
async function placeInTree(trx: Knex.Transaction, code: string): Promise<void> {
  const below = `${code}%`;
  await trx('office_ancestor').where('office', 'like', below).delete();
  await trx.raw(
    `insert into office_ancestor (office, ancestor, distance)
     select o.code, a.code, row_number() over (partition by o.code order by length(a.code) desc) - 1
     from office o join office a on o.code like a.code || '%' and (a.ended_at is null or a.code = o.code)
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

export function officeOf(row: Record<string, never> & { ended_at: Date | null }): OfficeRow {
  const { code, name, short_name: shortName, level, division, parent, profile, version, ended_at } = row;
  return { code, name, shortName, level, division, parent, profile, version, endedAt: ended_at?.toISOString() ?? null };
}
