/** What a person may see: cases, registers; and the matrix of rights per route. */
import type { Knex } from 'knex';
import { covers, groupsOf, type AnyRoute, type Core, type Rights as RouteRights, type Who } from '../core/index.ts';

export { ownOrAdministered } from './administered.ts';
export { avoidanceRoutes } from './avoidance.routes.ts';
export { createExclusions, type ActOfStep, type Exclusion, type Exclusions } from './exclusions.ts';

/** Every list of a register is limited by one of these; there is none without. */
export type Scope =
  | { kind: 'institutions'; ids: string[] }
  /** Divisions (GB/T 2260) that begin with one of these codes; none: nothing. */
  | { kind: 'divisions'; prefixes: string[] };

/** The columns of a case that reading depends on. */
export interface CaseOfRights {
  id: string;
  office: string;
  flow: string;
  division: string | null;
  starter: string;
  institution_id: string | null;
}

export interface Rights {
  /** Limits a query over `"case" as c` to what this person may read; for `query.modify(…)`. */
  caseScope(who: Who): (query: Knex.QueryBuilder) => void;
  /** The same for one case; whoever is offered an open task in it may read it too. Who acted in a case, or had a copy, reads on. */
  mayReadCase(who: Who, c: CaseOfRights): Promise<boolean>;
  registerScope(who: Who): Scope;
}

export function createRights({ db }: Pick<Core, 'db'>): Rights {
  /** Cases in which a person acted, or somebody in the person's name, and those that were copied to the person. */
  const tookPart = ({ personId }: Who) => {
    const of = (table: string, column: string) =>
      db(table)
        .where({ [column]: personId })
        .select('case_id');
    return of('decision', 'person_id').union([
      of('decision', 'on_behalf_of'),
      of('answer', 'person_id'),
      of('answer', 'on_behalf_of'),
      of('task_copy', 'person_id'),
      of('added_sign', 'person_id'),
    ]);
  };

  return {
    caseScope: (who) => (query) => {
      const institutions = who.institutions.map(({ id }) => id);
      const below = db('office_ancestor').select('office').whereIn('ancestor', officesOf(who, 'tree'));
      query.where((readable) =>
        readable
          .where('c.starter', who.personId)
          .orWhereIn('c.institution_id', institutions)
          .orWhereIn('c.office', officesOf(who, 'own'))
          .orWhereIn('c.office', below)
          .orWhereIn('c.id', tookPart(who)),
      );
    },

    async mayReadCase(who, c) {
      const near =
        c.starter === who.personId ||
        who.institutions.some(({ id }) => id === c.institution_id) ||
        who.grants.some(({ office }) => office === c.office);
      if (near) return true;
      const absent = (who.standsIn ?? []).filter((standIn) => covers(standIn, c));
      const groups = [...groupsOf(who), ...absent.flatMap((standIn) => standIn.groups)];
      const { rows } = await db.raw(
        `select exists (select from office_ancestor where office = ? and ancestor = any(?))
           or exists (select from task t join task_group g on g.task_id = t.id
                      where t.case_id = ? and t.ended_at is null and g.grp = any(?))
           or exists (select from added_sign where case_id = ? and state = 'open' and person_id = any(?::uuid[]))
           or ? in (?) as may`,
        [
          c.office,
          officesOf(who, 'tree'),
          c.id,
          groups,
          c.id,
          absent.map(({ person }) => person.id),
          c.id,
          tookPart(who),
        ],
      );
      return rows[0].may;
    },

    registerScope(who) {
      if (who.kind === 'applicant') return { kind: 'institutions', ids: who.institutions.map(({ id }) => id) };
      // A county has six digits, an office below it nine: it sees its county's register.
      return { kind: 'divisions', prefixes: [...new Set(who.grants.map(({ office }) => office.slice(0, 6)))] };
    },
  };
}

function officesOf(who: Who, reach: 'own' | 'tree'): string[] {
  return who.grants.filter((grant) => grant.reach === reach).map((grant) => grant.office);
}

export interface MatrixRow {
  method: string;
  path: string;
  title: { zh: string; en: string };
  rights: RouteRights;
}

/** The rights matrix: one row per route, in order of paths. */
export function matrix(routes: AnyRoute[]): MatrixRow[] {
  return routes
    .map(({ method, path, title, rights }) => ({ method, path, title, rights }))
    .sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
}
