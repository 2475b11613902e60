import type { Knex } from 'knex';
import type { z } from 'zod';
import type { PersonBody, PersonChange } from '../../../contracts/api/index.ts';
import type { Actor } from '../audit/index.ts';
import { invalidInput, notFound, staleWrite, type Core } from '../core/index.ts';
import type { Accounts } from '../identity/index.ts';
import type { GrantsDeps } from './grants.ts';

export interface People {
  personName(id: string): Promise<string | null>;
  /** Registers a person, with an account if one is given; answers the id. Throws `invalid`. */
  createPerson(trx: Knex.Transaction, person: z.infer<typeof PersonBody>, by: Actor): Promise<string>;
  /** @throws stale with both versions */
  changePerson(trx: Knex.Transaction, id: string, change: z.infer<typeof PersonChange>, by: Actor): Promise<void>;
  /** A person leaves: accounts, grants and representations end, open tasks go back to their groups. */
  endPerson(trx: Knex.Transaction, id: string, by: Actor): Promise<void>;
}

export interface PeopleDeps extends GrantsDeps {
  accounts: Accounts;
}

export function createPeople(core: Pick<Core, 'db' | 'time'>, { audit, rightsEnded, accounts }: PeopleDeps): People {
  return {
    personName: async (id) => (await core.db('person').where({ id }).first('name'))?.name ?? null,

    async createPerson(trx, { account, ...person }, by) {
      await checkOffice(trx, person.kind, person.office);
      const [{ id }] = await trx('person').insert(person).returning('id');
      await audit.write(trx, {
        ...by,
        action: 'person.created',
        detail: { title: person.name, person: { id, ...person } },
      });
      if (account) await accounts.create(trx, { ...account, personId: id }, by);
      return id;
    },

    async changePerson(trx, id, { version, ...change }, by) {
      const found = await trx('person').where({ id }).whereNull('left_at').forUpdate().first();
      if (!found) throw notFound();
      if (change.office !== undefined) await checkOffice(trx, found.kind, change.office);
      const fields = Object.keys(change);
      if (fields.length === 0) return;
      const before = Object.fromEntries(fields.map((field) => [field, found[field]]));
      if (found.version !== version)
        throw staleWrite({
          seen: found.version,
          theirs: await named(trx, before),
          yours: await named(trx, change),
        });
      await trx('person')
        .where({ id })
        .update({ ...change, version: version + 1 });
      await audit.write(trx, {
        ...by,
        action: 'person.changed',
        detail: { title: found.name, person: id, before, after: change },
      });
    },

    async endPerson(trx, id, by) {
      const at = core.time.now();
      const found = await trx('person').where({ id }).whereNull('left_at').forUpdate().first();
      if (!found) throw notFound();
      await trx('person').where({ id }).update({ left_at: at });
      await trx('role_grant').where({ person_id: id }).whereNull('ended_at').update({ ended_at: at });
      await trx('representative').where({ person_id: id }).whereNull('ended_at').update({ ended_at: at });
      await rightsEnded(trx, id, by);
      await accounts.disable(trx, id, by);
      await audit.write(trx, { ...by, action: 'person.left', detail: { title: found.name, person: id } });
    },
  };
}

async function checkOffice(trx: Knex.Transaction, kind: string, office: string | undefined): Promise<void> {
  const bad = (zh: string, en: string) => invalidInput({ fields: [{ path: 'office', zh, en }] });
  if (kind === 'staff' && !office) throw bad('填所在机关', 'Name the office of this person');
  if (kind === 'applicant' && office) throw bad('申请人不属于机关，去掉这一项', 'Applicants belong to no office');
  if (office && !(await trx('office').where({ code: office, ended_at: null }).first('code')))
    throw bad(`没有机关 ${office}`, `There is no office ${office}`);
}

/** With the name of the office, as people know it. */
async function named<T extends { office?: string }>(trx: Knex.Transaction, person: T) {
  if (!person.office) return person;
  const office = await trx('office').where({ code: person.office }).first('name');
  return { ...person, officeName: office?.name ?? null };
}
