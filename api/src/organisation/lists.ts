import type { Knex } from 'knex';
import type { GrantRow, OfficeRow, PersonRow, PersonView } from '../../../contracts/api/index.ts';
import type { Core } from '../core/index.ts';
import { officeOf } from './offices.ts';
import type { AdminReach } from './reach.ts';

const PAGE = 100;

export interface Page<T> {
  rows: T[];
  next: string | null;
}

/** What administrators look through, each limited to what they administer. Pages go by code or by name and id. */
export function createLists({ db }: Pick<Core, 'db'>) {
  return {
    async offices(
      reach: AdminReach,
      { q, after, open }: { q?: string; after?: string; open?: boolean },
    ): Promise<Page<OfficeRow>> {
      const query = db('office')
        .orderBy('code')
        .limit(PAGE + 1);
      administered(query, reach, 'office.code');
      if (q) query.whereRaw('(name ilike ? or code like ?)', [`%${escaped(q)}%`, `${escaped(q)}%`]);
      if (open) query.whereNull('ended_at');
      if (after) query.where('code', '>', after);
      return page((await query).map(officeOf), (row) => row.code);
    },

    async people(
      reach: AdminReach,
      { q, office, after }: { q?: string; office?: string; after?: string },
    ): Promise<Page<PersonRow>> {
      const query = people(db)
        .orderBy(['p.name', 'p.id'])
        .limit(PAGE + 1);
      query.where((mine) => {
        administered(mine, reach, 'p.office');
        if (reach.everything) mine.orWhereNull('p.office');
      });
      if (q)
        query.whereRaw(
          '(p.name ilike ? or exists (select from account a where a.person_id = p.id and a.login like ?))',
          [`%${escaped(q)}%`, `${escaped(q.toLowerCase())}%`],
        );
      if (office) query.where('p.office', office);
      if (after) query.whereRaw('(p.name, p.id) > (select name, id from person where id = ?)', [after]);
      return page((await query).map(personOf), (row) => row.id);
    },

    async person(id: string): Promise<PersonView | null> {
      const row = await people(db).select('p.mobile', 'p.email', 'p.version').where('p.id', id).first();
      if (!row) return null;
      const [accounts, grants, institutions] = await Promise.all([
        db('account').where({ person_id: id }).orderBy('login'),
        this.grants(id),
        db('representative as r')
          .join('register_subject as s', (on) => on.on('s.register', 'r.register').on('s.id', 'r.entry'))
          .where({ person_id: id })
          .whereNull('r.ended_at')
          .orderBy('r.since')
          .select('s.register', 's.id', 's.name', 'r.since'),
      ]);
      return {
        ...personOf(row),
        mobile: row.mobile,
        email: row.email,
        version: row.version,
        accounts: accounts.map((account) => ({
          login: account.login,
          lastSignIn: account.last_sign_in?.toISOString() ?? null,
          lockedUntil: account.locked_until?.toISOString() ?? null,
          disabled: account.disabled_at !== null,
        })),
        grants,
        institutions: institutions.map((one) => ({ ...one, since: one.since.toISOString() })),
      };
    },

    async grants(personId: string): Promise<GrantRow[]> {
      const rows = await db('role_grant as g')
        .join('role as r', 'r.id', 'g.role')
        .join('office as o', 'o.code', 'g.office')
        .where({ person_id: personId })
        .whereNull('g.ended_at')
        .orderBy(['g.granted_at', 'g.id'])
        .select(
          'g.id',
          'g.role',
          { roleTitle: 'r.zh' },
          'g.office',
          { officeName: 'o.name' },
          'g.reach',
          { mayTake: 'g.may_take' },
          { grantedAt: 'g.granted_at' },
        );
      return rows.map((row) => ({ ...row, grantedAt: row.grantedAt.toISOString() }));
    },

    divisions: (parent: string | null): Promise<{ code: string; name: string; level: Level; leaf: boolean }[]> =>
      db('division as d')
        .where({ parent })
        .orderBy('code')
        .select('code', 'name', 'level', db.raw('not exists (select from division c where c.parent = d.code) as leaf')),

    roles: (): Promise<{ id: string; zh: string; en: string }[]> => db('role').orderBy('id').select('id', 'zh', 'en'),
  };
}

type Level = 'province' | 'city' | 'county';

function people(db: Knex): Knex.QueryBuilder {
  return db('person as p')
    .leftJoin('office as o', 'o.code', 'p.office')
    .select('p.id', 'p.name', 'p.kind', 'p.office', { office_name: 'o.name' }, 'p.position', 'p.left_at');
}

function personOf(row: Record<string, never> & { left_at: Date | null }): PersonRow {
  const { id, name, kind, office, office_name: officeName, position, left_at } = row;
  return { id, name, kind, office, officeName, position, leftAt: left_at?.toISOString() ?? null };
}

function administered(query: Knex.QueryBuilder, { own, trees }: AdminReach, column: string): void {
  query.where((mine) =>
    mine.whereIn(column, own).orWhereRaw('?? like any (?)', [column, trees.map((tree) => `${tree}%`)]),
  );
}

function page<T>(rows: T[], key: (row: T) => string): Page<T> {
  const shown = rows.slice(0, PAGE);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > PAGE && last ? key(last) : null };
}

/** For `like`: the characters that mean something there stand for themselves. */
const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');
