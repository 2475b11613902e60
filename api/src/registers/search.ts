/** Finding entries of a register: what a person may see of it, by code or by words. */
import type { Knex } from 'knex';
import { shanghaiDay, type Core, type Who } from '../core/index.ts';
import type { Scope } from '../rights/index.ts';
import { columnOf, type RegisterDeclaration } from './register.ts';
import type { RegisterItem, RegisterService } from './registers.service.ts';

/** Entries that this person may see: those with these ids, or that fit the words, in order of their name. */
export type RegisterSearch = (
  who: Who,
  register: string,
  wanted: { ids: string[] } | { words: string; limit: number },
) => Promise<RegisterItem[]>;

export function createRegisterSearch(
  core: Pick<Core, 'db' | 'time'>,
  service: Pick<RegisterService, 'declaration' | 'find'>,
  registerScope: (who: Who) => Scope,
): RegisterSearch {
  return async (who, register, wanted) => {
    const d = service.declaration(register);
    const query = entriesOf(core, d)
      .modify(limit(d, registerScope(who)))
      .orderBy([`r.${columnOf(d.name)}`, 'r.id']);
    if ('ids' in wanted) query.whereIn('r.id', wanted.ids);
    else query.modify(wanted.words === '' ? () => {} : matching(d, wanted.words)).limit(wanted.limit);
    const rows: { id: string }[] = await query.select('r.id');
    const items = await Promise.all(rows.map(({ id }) => service.find(register, id)));
    return items.filter((item) => item !== null);
  };
}

/** The entries of a register as they are today, named `r`. */
export function entriesOf({ db, time }: Pick<Core, 'db' | 'time'>, d: RegisterDeclaration): Knex.QueryBuilder {
  return db.from(d.rowsOn ? d.rowsOn(db, shanghaiDay(time.now())).as('r') : `${d.table} as r`);
}

/** Applicants see what is theirs, staff what belongs to subjects of their divisions. */
export function limit(d: RegisterDeclaration, scope: Scope): (query: Knex.QueryBuilder) => void {
  return (query) => {
    if (d.without) query.whereNotIn(`r.${d.without.column}`, d.without.values);
    if (scope.kind === 'institutions') query.whereIn(`r.${d.subject}`, scope.ids);
    else {
      const divisions = scope.prefixes.map((prefix) => `${prefix}%`);
      if (d.subject === 'id') query.whereRaw('r.division like any(?)', [divisions]);
      else
        query.whereRaw(
          `exists (select from register_subject s where s.id = r.${d.subject} and s.division like any(?))`,
          [divisions],
        );
    }
  };
}

/** By a whole code, or by words of the name: every bigram of each word has to occur. */
export function matching(d: RegisterDeclaration, q: string): (query: Knex.QueryBuilder) => void {
  const column = (id: string) => `r.${columnOf(id)}`;
  return (query) =>
    query.where((either) => {
      for (const code of d.codes) either.orWhere(column(code), q.trim().toUpperCase());
      either.orWhere((words) => {
        for (const word of q.split(/\s+/).filter(Boolean))
          if (word.length > 1 && d.bigrams) words.whereRaw('r.name_bigrams @> bigrams(?)', [word]);
          else words.whereILike(column(d.name), `%${word.replace(/[\\%_]/g, (x) => `\\${x}`)}%`);
      });
    });
}

/** Whether an entry of a register lies within the scope. */
export async function isWithin(
  core: Pick<Core, 'db' | 'time'>,
  d: RegisterDeclaration,
  scope: Scope,
  id: string,
): Promise<boolean> {
  const found = await entriesOf(core, d).where('r.id', id).modify(limit(d, scope)).first('r.id');
  return found !== undefined;
}
