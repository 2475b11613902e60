import type { Knex } from 'knex';
import type { z } from 'zod';
import type { GrantBody } from '../../../contracts/api/index.ts';
import type { Actor, Audit } from '../audit/index.ts';
import { invalidInput, notFound, type Core } from '../core/index.ts';

/** Declared in `workflows/shared/roles.json`. */
export interface Role {
  id: string;
  zh: string;
  en: string;
}

export interface Grants {
  /** Gives a role at an office to a person of the staff; answers the grant's id. Throws `invalid`. */
  grant(trx: Knex.Transaction, grant: z.infer<typeof GrantBody> & { personId: string }, by: Actor): Promise<string>;
  /** Throws `not-found` for a grant that the person doesn't hold. */
  endGrant(trx: Knex.Transaction, grant: { id: string; personId: string }, by: Actor): Promise<void>;
  /** From now on the person acts for the entry. Throws `invalid`. */
  represent(trx: Knex.Transaction, representation: Representation, by: Actor): Promise<void>;
  endRepresentation(trx: Knex.Transaction, representation: Representation, by: Actor): Promise<void>;
}

/** A person and the entry of a register (institution, enterprise …) that it acts for. */
export interface Representation {
  personId: string;
  register: string;
  entry: string;
}

export interface GrantsDeps {
  audit: Pick<Audit, 'write'>;
  /** Told when a person has lost a role or a representation. */
  rightsEnded(trx: Knex.Transaction, personId: string, by: Actor): Promise<void>;
}

export function createGrants(core: Pick<Core, 'time'>, { audit, rightsEnded }: GrantsDeps): Grants {
  return {
    async grant(trx, { personId, role, office, reach, mayTake }, by) {
      const person = await personOf(trx, personId, 'staff');
      const title = await trx('role').where({ id: role }).first('zh');
      if (!title) throw bad('role', `没有角色 ${role}`, `There is no role ${role}`);
      const place = await trx('office').where({ code: office, ended_at: null }).first('name');
      if (!place) throw bad('office', `没有机关 ${office}`, `There is no office ${office}`);
      const { rows } = await trx.raw(
        `insert into role_grant (person_id, role, office, reach, may_take, granted_at, granted_by)
         values (?, ?, ?, ?, ?, ?, ?)
         on conflict (person_id, role, office) where ended_at is null do nothing returning id`,
        [personId, role, office, reach, mayTake, core.time.now(), by.personId ?? null],
      );
      if (rows.length === 0)
        throw bad(
          'role',
          `${person.name}在${place.name}已有这个角色，先收回再授`,
          `${person.name} holds this role there already; end that grant first`,
        );
      await audit.write(trx, {
        ...by,
        action: 'grant.created',
        detail: { title: title.zh, addressee: person.name, person: personId, role, office, reach, mayTake },
      });
      return rows[0].id;
    },

    async endGrant(trx, { id, personId }, by) {
      const [ended] = await trx('role_grant')
        .where({ id, person_id: personId })
        .whereNull('ended_at')
        .update({ ended_at: core.time.now() })
        .returning('*');
      if (!ended) throw notFound();
      const { name } = await trx('person').where({ id: personId }).first('name');
      const { zh } = await trx('role').where({ id: ended.role }).first('zh');
      await audit.write(trx, {
        ...by,
        action: 'grant.ended',
        detail: { title: zh, addressee: name, person: personId, role: ended.role, office: ended.office },
      });
      await rightsEnded(trx, personId, by);
    },

    async represent(trx, { personId, register, entry }, by) {
      const person = await personOf(trx, personId, 'applicant');
      const subject = await trx('register_subject').where({ register, id: entry }).first('name');
      if (!subject) throw bad('entry', '登记库里没有这个主体', 'The register has no such subject');
      const { rows } = await trx.raw(
        `insert into representative (person_id, register, entry, since) values (?, ?, ?, ?)
         on conflict (person_id, entry) do update set since = excluded.since, ended_at = null
         where representative.ended_at is not null returning since`,
        [personId, register, entry, core.time.now()],
      );
      if (rows.length === 0)
        throw bad('entry', `${person.name}已代表${subject.name}`, `${person.name} acts for ${subject.name} already`);
      await audit.write(trx, {
        ...by,
        action: 'representative.created',
        detail: { title: subject.name, addressee: person.name, person: personId, register, entry },
      });
    },

    async endRepresentation(trx, { personId, register, entry }, by) {
      const ended = await trx('representative')
        .where({ person_id: personId, register, entry })
        .whereNull('ended_at')
        .update({ ended_at: core.time.now() });
      if (ended === 0) throw notFound();
      const { name } = await trx('person').where({ id: personId }).first('name');
      const subject = await trx('register_subject').where({ register, id: entry }).first('name');
      await audit.write(trx, {
        ...by,
        action: 'representative.ended',
        detail: { title: subject?.name, addressee: name, person: personId, register, entry },
      });
      await rightsEnded(trx, personId, by);
    },
  };
}

/** Brings table `role` to what is declared; a role that is no longer declared stays for the old grants. */
export async function syncRoles(trx: Knex.Transaction, roles: Role[]): Promise<void> {
  if (roles.length > 0) await trx('role').insert(roles).onConflict('id').merge(['zh', 'en']);
}

async function personOf(trx: Knex.Transaction, id: string, kind: 'staff' | 'applicant'): Promise<{ name: string }> {
  const person = await trx('person').where({ id }).whereNull('left_at').first('name', 'kind');
  if (!person) throw notFound();
  if (person.kind !== kind)
    throw kind === 'staff'
      ? bad('person', '角色只授予工作人员', 'Roles are granted to staff only')
      : bad(
          'person',
          '代表机构和企业的是申请人，不是工作人员',
          'Applicants act for institutions and enterprises, not staff',
        );
  return person;
}

const bad = (path: string, zh: string, en: string) => invalidInput({ fields: [{ path, zh, en }] });
