/** The province of the demonstration: offices in three cities and their counties, colleagues for each role, institutions and enterprises. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { dayNumber, dayText } from '../../../../contracts/days.ts';
import { shanghaiDay } from '../../core/index.ts';
import { institutionEntry, type Institution, type Laboratory } from './institutions.ts';
import {
  DEMO_PASSWORD,
  DEMO_PEOPLE,
  DEMO_SUBJECTS,
  seedEntry,
  seedOffice,
  seedPerson,
  type DemoPerson,
  type DemoServices,
} from './people.ts';
import { APPLICANT } from './stories.ts';

interface Enterprise {
  name: string;
  uscc: string;
  division: string;
  address: string;
  legalRep: string;
  contact: string;
  login: string;
  products: Record<string, unknown>[];
}

interface Colleague {
  title: string;
  name: string;
  login: string;
  position: string;
  office: string;
  role: string;
}

interface Province {
  offices: { code: string; name: string; shortName: string; number: string }[];
  people: Colleague[];
  institutions: Institution[];
  enterprises: Enterprise[];
}

type Account = { login: string; password: string };

const read = async <T>(name: string): Promise<T> => parse(await readFile(new URL(name, import.meta.url), 'utf8')) as T;
const readProvince = () => read<Province>('./province.yaml');

/** Makes all of it, in one transaction, after the people of every world; only where nothing of it is there. */
export async function seedProvince(services: DemoServices, password = DEMO_PASSWORD): Promise<void> {
  const { core, organisation } = services;
  const { offices, people, institutions, enterprises } = await readProvince();
  const laboratories = await read<Record<string, Laboratory>>('./laboratories.yaml');
  const today = shanghaiDay(core.time.now());
  await core.db.transaction(async (trx) => {
    for (const { code, name, shortName, number } of offices) {
      const profile = {
        code: number,
        address: `${name.slice(0, 3)}示范路 1 号`,
        phone: `0851-00${code.padEnd(6, '0')}`,
      };
      await seedOffice(trx, organisation, { code, name, shortName, profile });
    }
    for (const { role, office, ...person } of people)
      await seedPerson(trx, organisation, { ...person, office, grants: [[role, office, 'own']] }, password);
    for (const [index, one] of institutions.entries()) {
      const { fields, tables } = institutionEntry(one, laboratories[one.kind]!, index, today);
      const admissionOn = dayText(dayNumber(today) - 20 - index * 9);
      const entry = await seedEntry(trx, services, 'institution', { fields: { ...fields, admissionOn }, tables });
      await seedPerson(trx, organisation, agentOf(one, 'institution', fields.contactMobile as string), password, entry);
    }
    for (const [index, one] of enterprises.entries()) {
      const mobile = `1380000800${index}`;
      const entry = await seedEntry(trx, services, 'enterprise', {
        fields: {
          name: one.name,
          uscc: one.uscc,
          division: one.division,
          address: one.address,
          legalRepName: one.legalRep,
          legalRepMobile: `1380000810${index}`,
          contactName: one.contact,
          contactMobile: mobile,
          contactEmail: `${one.login}@example.com`,
        },
        tables: { products: one.products },
      });
      await seedPerson(trx, organisation, agentOf(one, 'enterprise', mobile), password, entry);
    }
  });
}

const agentOf = (
  { name, contact, login }: { name: string; contact: string; login: string },
  actsFor: DemoPerson['actsFor'],
  mobile: string,
): DemoPerson => ({ title: name, name: contact, login, mobile, actsFor, grants: [] });

/** Who takes part in the stories. */
export interface Cast {
  /** What they sign in with, by name. */
  accounts: Record<string, Account>;
  /**
   * The person whom a story calls so: by name, by the title of a role, or 申请人 who acts for the story's subject. Several
   * who hold the same role take turns, `turn` by `turn`.
   */
  nameOf(called: string, subject: string, turn?: number): string;
}

export async function provinceAccounts(password = DEMO_PASSWORD): Promise<Cast> {
  const { people, institutions, enterprises } = await readProvince();
  const agents = [...institutions, ...enterprises].map(({ name, contact, login }) => ({
    subject: name,
    name: contact,
    login,
  }));
  const agentOf = new Map(agents.map(({ subject, name }) => [subject, name]));
  const holders = new Map<string, string[]>();
  for (const { title, name, actsFor } of DEMO_PEOPLE) {
    holders.set(title, [name]);
    if (actsFor) agentOf.set(DEMO_SUBJECTS[actsFor], name);
  }
  for (const { title, name } of people) holders.set(title, [...(holders.get(title) ?? []), name]);
  return {
    accounts: Object.fromEntries(
      [...DEMO_PEOPLE, ...people, ...agents].map(({ name, login }) => [name, { login, password }]),
    ),
    nameOf(called, subject, turn = 0) {
      if (called === APPLICANT) return agentOf.get(subject) ?? called;
      const all = holders.get(called);
      return all ? all[turn % all.length]! : called;
    },
  };
}
