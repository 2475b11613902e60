/** What a model says a step writes or takes: a value of the case, or a text. */
import type { Knex } from 'knex';
import { z } from 'zod';
import { shanghaiDay, type Core } from '../../core/index.ts';
import type { TopicWork } from '../../engine/index.ts';
import type { CaseForms } from '../../forms/index.ts';

export type Values = (text: string) => Promise<unknown>;

/**
 * Reads one text of a step's input: `form.field` of a form of the flow, `case.number`, `document.<id>` (number of the
 * last such document of the case), `today`; everything else is the text itself.
 */
export function createValues({ time }: Pick<Core, 'time'>, { forms }: { forms: Pick<CaseForms, 'read'> }) {
  return (db: Knex, { caseId, number, release }: Pick<TopicWork, 'caseId' | 'number' | 'release'>): Values =>
    async (text) => {
      if (text === 'today') return shanghaiDay(time.now());
      if (text === 'case.number') return number;
      const [head, name, ...more] = text.split('.');
      if (!head || !name || more.length > 0) return text;
      if (head === 'document') {
        const made = await db('document')
          .where({ case_id: caseId, kind: name })
          .orderBy('made_at', 'desc')
          .first('number');
        return made?.number ?? null;
      }
      return release.package.forms[head] ? ((await forms.read(caseId, head)).data[name] ?? null) : text;
    };
}

export interface Setting {
  field: string;
  value: string;
}

/** `admission=removed; admissionReason=application.reason` */
export const settings = z
  .string()
  .regex(/^(\s*[a-z][A-Za-z0-9]*\s*=[^;]+(;|$))*\s*$/, '写成 字段=值; 字段=值')
  .transform((text): Setting[] =>
    text
      .split(';')
      .filter((part) => part.trim())
      .map((part) => {
        const at = part.indexOf('=');
        return { field: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
      }),
  );
