/** `set` of the topic: what a step writes besides the fields of the form, as the model says it. */
import type { Knex } from 'knex';
import type { CaseForms } from '../../../forms/index.ts';
import type { TopicWork } from '../../../engine/index.ts';

export interface Setting {
  field: string;
  value: string;
}

/** `admission=removed; admissionReason=cancellation.reason` @throws RangeError for a part without `=` */
export function parseSet(text: string): Setting[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const at = part.indexOf('=');
      if (at < 1) throw new RangeError(`set: 「${part}」 is not field=value`);
      return { field: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
    });
}

/**
 * Values of the settings: `form.field` of a form of the flow, `case.number`, `document.<id>` (number of the last such
 * document of the case), `today`; everything else is the text itself.
 */
export async function valuesOf(
  db: Knex,
  forms: CaseForms,
  { caseId, number, case: row, release }: Pick<TopicWork, 'caseId' | 'number' | 'case' | 'release'>,
  set: Setting[],
  today: string,
): Promise<Record<string, unknown>> {
  async function value(text: string): Promise<unknown> {
    if (text === 'today') return today;
    if (text === 'case.number') return number;
    const [head, name, ...more] = text.split('.');
    if (!name || more.length > 0) return text;
    if (head === 'document')
      return (await db('document').where({ case_id: caseId, kind: name }).orderBy('made_at', 'desc').first('number'))
        ?.number;
    return release.package.forms[head!] ? ((await forms.read(row.id, head!)).data[name] ?? null) : text;
  }
  return Object.fromEntries(await Promise.all(set.map(async (one) => [one.field, await value(one.value)])));
}
