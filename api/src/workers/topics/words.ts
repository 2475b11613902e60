/** Words of a case in the texts that a flow sends or makes public: `{number}`, `{subject}`, `{application.name}` … */
import type { Knex } from 'knex';
import type { CompiledFlow } from '../../../../contracts/flow.ts';
import { scalarFields } from '../../../../contracts/forms/index.ts';
import { shanghaiDay, type Core } from '../../core/index.ts';
import type { TopicWork } from '../../engine/index.ts';
import { printed, type CaseForms } from '../../forms/index.ts';

const PLAIN = new Set(['number', 'title', 'subject', 'flow', 'office', 'today']);
const WORD = /\{([^{}]*)\}/g;

const wordsIn = (text: string): string[] => [...text.matchAll(WORD)].map(([, word]) => word!.trim());

/** Words that nothing stands for: neither one of the case nor a field of a form of the flow. */
export function unknownWords(text: string, { forms }: CompiledFlow): string[] {
  return wordsIn(text).filter((word) => {
    const [form = '', key] = word.split('.');
    return key === undefined ? !PLAIN.has(word) : !forms[form] || !scalarFields(forms[form]).some((f) => f.key === key);
  });
}

export const nothingFor = (words: string[]): { zh: string; en: string }[] =>
  words.map((word) => ({ zh: `没有可填入 {${word}} 的内容`, en: `There is nothing to fill {${word}} with` }));

export interface Words {
  /** Fills texts of one work with what the case says now; fields are written as people read them. */
  of(trx: Knex, work: TopicWork): Promise<(text: string) => Promise<string>>;
}

export function createWords({ time }: Pick<Core, 'time'>, { forms }: { forms: CaseForms }): Words {
  return {
    async of(trx, { case: row, caseId, release }) {
      const office = await trx('office').where({ code: row.office }).first('name');
      const plain: Record<string, string> = {
        number: row.number,
        title: row.title,
        subject: row.subject_name,
        flow: release.package.flow.title.zh,
        office: office.name,
        today: shanghaiDay(time.now()),
      };
      const read = new Map<string, Record<string, unknown>>();
      return async (text) => {
        for (const word of wordsIn(text)) {
          const [form = '', key] = word.split('.');
          if (key !== undefined && !read.has(form)) read.set(form, (await forms.read(caseId, form)).data);
        }
        return text.replace(WORD, (_, word: string) => {
          const [form = '', key] = word.trim().split('.');
          if (key === undefined) return plain[form] ?? '';
          return printed(scalarFields(release.package.forms[form]), read.get(form) ?? {}, key);
        });
      };
    },
  };
}
