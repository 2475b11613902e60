/** What people choose from: the authority's people, its offices, entries of registers. */
import type { Knex } from 'knex';
import type { Field } from '../../../contracts/forms/index.ts';
import type { Reference } from '../../../contracts/kinds/index.ts';
import { shanghaiDay, type Core, type Who } from '../core/index.ts';
import type { Data } from './versions.ts';

export interface Choice extends Reference {
  /** What tells it from others of the same name. */
  note: string;
  /** Register entries: their values, and whence they are. */
  fields?: Data;
  source?: { zh: string; en: string };
}

/** `named`: exactly this name or code. */
export type Wanted = { words: string } | { ids: string[] } | { named: string };

/** At most twenty, as this person may see them. */
export type Choices = (who: Who, field: Field, wanted: Wanted) => Promise<Choice[]>;

/** Registers as choosing needs them. */
export interface SearchedRegisters {
  title(register: string): { zh: string; en: string };
  declaration(register: string): { name: string; codes: string[] };
  search(
    who: Who,
    register: string,
    wanted: { ids: string[] } | { words: string; limit: number },
  ): Promise<{ id: string; fields: Data; updatedAt: Date }[]>;
}

const MOST = 20;

export function createChoices({ db }: Pick<Core, 'db'>, registers: SearchedRegisters): Choices {
  /** Staff alone may look people up; without a role, those of their own offices and of the offices below. */
  async function people(who: Who, { role }: Field, wanted: Wanted): Promise<Choice[]> {
    if (who.kind !== 'staff') return [];
    const query = db('person as p')
      .leftJoin('office as o', 'o.code', 'p.office')
      .where('p.kind', 'staff')
      .whereNull('p.left_at')
      .orderBy(['p.name', 'p.id'])
      .limit(MOST)
      .select('p.id', 'p.name as label', 'p.position', 'o.short_name as office');
    if (role)
      query.whereExists(
        db('role_grant as g').whereRaw('g.person_id = p.id').where('g.role', role).whereNull('g.ended_at'),
      );
    else query.where((mine) => who.grants.forEach(({ office }) => void mine.orWhereLike('p.office', `${office}%`)));
    if ('ids' in wanted) query.whereIn('p.id', wanted.ids);
    else if ('named' in wanted) query.where('p.name', wanted.named);
    else query.whereILike('p.name', like(wanted.words));
    const rows: { id: string; label: string; position: string | null; office: string | null }[] = await query;
    return rows.map(({ id, label, position, office }) => ({
      id,
      label,
      note: [office, position].filter(Boolean).join(' '),
    }));
  }

  async function offices(wanted: Wanted): Promise<Choice[]> {
    const query = db('office').orderBy('code').limit(MOST).select('code as id', 'name as label');
    if ('ids' in wanted) query.whereIn('code', wanted.ids);
    else query.whereNull('ended_at');
    if ('named' in wanted) query.where((any) => any.where({ code: wanted.named }).orWhere(nameIs(wanted.named)));
    if ('words' in wanted)
      query.where((any) => any.whereILike('name', like(wanted.words)).orWhereLike('code', `${wanted.words}%`));
    const rows: Reference[] = await query;
    return rows.map((row) => ({ ...row, note: row.id }));
  }
  const nameIs = (name: string) => (any: Knex.QueryBuilder) => any.where({ name }).orWhere({ short_name: name });

  async function entries(who: Who, register: string, wanted: Wanted): Promise<Choice[]> {
    const { name, codes } = registers.declaration(register);
    const found = await registers.search(
      who,
      register,
      'ids' in wanted ? wanted : { words: 'named' in wanted ? wanted.named : wanted.words, limit: MOST },
    );
    const title = registers.title(register);
    const choices = found.map(({ id, fields, updatedAt }) => ({
      id,
      label: String(fields[name] ?? fields[codes[0]!] ?? id),
      note: codes
        .map((code) => fields[code])
        .filter(Boolean)
        .join(' '),
      fields,
      source: { zh: `${title.zh} ${shanghaiDay(updatedAt)}`, en: `${title.en}, ${shanghaiDay(updatedAt)}` },
    }));
    if (!('named' in wanted)) return choices;
    return choices.filter(({ label, fields }) => [label, ...codes.map((code) => fields[code])].includes(wanted.named));
  }

  return async (who, field, wanted) => {
    if (field.type === 'person') return people(who, field, wanted);
    if (field.type === 'organisation') return offices(wanted);
    if (field.type === 'register-ref' && field.register) return entries(who, field.register, wanted);
    return [];
  };
}

const like = (words: string) => `%${words.replace(/[\\%_]/g, '\\$&')}%`;
