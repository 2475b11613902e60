/** Finding cases by what people type: number, title, subject, or the initials of the subject's pinyin. */
import type { Knex } from 'knex';
import { pinyin } from 'pinyin-pro';

/** Characters that the index of cases is made of (`case_words`). */
const WORDS = `bigrams(c.number || c.title || c.subject_name || c.initials)`;

/** 重庆黔测 → `cqqc`: words with several readings are read as words; letters and digits stay, all else goes. */
export function initialsOf(text: string): string {
  return pinyin(text, { pattern: 'first', toneType: 'none', type: 'array' })
    .join('')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/**
 * A condition on `"case" as c`: each word of `q` occurs in number, title, subject or initials. `indexed` looks words of
 * two characters and more up among all cases; without it few cases that are at hand are asked one by one.
 */
export function caseWords(q: string, { indexed }: { indexed: boolean }): { sql: string; values: Knex.Value[] } {
  const words = q.split(/\s+/).filter(Boolean);
  const each = words.map((word) => {
    const like = `%${word.replace(/[\\%_]/g, (x) => `\\${x}`)}%`;
    const lookUp = indexed && word.length > 1;
    return {
      sql: `${lookUp ? `${WORDS} @> bigrams(?) and ` : ''}(c.number ilike ? or c.title ilike ? or c.subject_name ilike ? or c.initials ilike ?)`,
      values: [...(lookUp ? [word] : []), like, like, like, like],
    };
  });
  return {
    sql: each.map(({ sql }) => sql).join(' and ') || 'true',
    values: each.flatMap(({ values }) => values),
  };
}
