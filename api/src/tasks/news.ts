/** What the person who came second is told: who did what meanwhile, when, in the words of the time line. */
import type { Audit } from '../audit/index.ts';
import { Problem, type Core, type Who } from '../core/index.ts';
import { timeOfDay } from './moment.ts';

/** Refusals that somebody else's act may have brought about. */
const OVERTAKEN = new Set(
  'held-by-other task-ended task-deciding delegated stale not-now not-yours already-answered case-moving decisions-queued tree-changed not-running'.split(
    ' ',
  ),
);

/** Refusals because of what was done somewhere in the case. */
const ANYWHERE = new Set('case-moving decisions-queued tree-changed not-running'.split(' '));
/** Acts at other places of a case that end a task. */
const MOVES = 'task.return decision.taken-back case.withdraw case.terminate'.split(' ');

type Of = { task: string } | { case: string } | { decision: string };

export type TellNews = <T>(who: Who, of: Of, act: () => Promise<T>) => Promise<T>;

/** Runs an act; where it is refused and the last line of the task or case is another person's, the refusal says it. */
export function createTellNews({ db }: Pick<Core, 'db'>, { timeline }: Pick<Audit, 'timeline'>): TellNews {
  return async (who, of, act) => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Problem) || !OVERTAKEN.has(error.code)) throw error;
      const line = await lastLine(of, error);
      if (!line || line.person_id === who.personId) throw error;
      const said = await timeline.line(line.case_id, line.sequence);
      if (!said) throw error;
      const at = timeOfDay(line.at);
      // Where the refusal names somebody of the line, the line says all of it: the name is told once.
      const { by } = error.facts;
      const known = typeof by === 'string' && said.zh.includes(by);
      throw new Problem(error.code, error.status, error.zh, error.en, {
        zh: `${known ? '别人先办了：' : ended(error.zh, '。')}${at} ${said.zh}`,
        en: `${known ? 'Somebody was faster. ' : ended(error.en, '. ')}${at}: ${said.en}`,
        fields: error.fields,
        facts: { ...error.facts, by: said.person, at: said.at },
        retryAfter: error.retryAfter,
      });
    }
  };

  /**
   * The last thing that a person did: at the step that the refusal names, else at that of the task, or in the case where
   * the refusal is about all of it.
   */
  async function lastLine(
    of: Of,
    { code, facts }: Problem,
  ): Promise<{ case_id: string; sequence: number; at: Date; person_id: string } | undefined> {
    const query = db('audit as a')
      .whereNotNull('a.person_id')
      .orderBy('a.sequence', 'desc')
      .first('a.case_id', 'a.sequence', 'a.at', 'a.person_id');
    if ('case' in of) return query.where('a.case_id', of.case);
    if ('decision' in of) {
      query.where('a.case_id', db('decision').where({ id: of.decision }).select('case_id'));
      return facts.step === undefined ? query : query.where('a.step', String(facts.step));
    }
    query.join('task as t', 't.case_id', 'a.case_id').where('t.id', of.task);
    if (ANYWHERE.has(code)) return query;
    return query.whereRaw('(a.step = t.step or a.action = any(?))', [code === 'task-ended' ? MOVES : []]);
  }
}

const ended = (text: string, stop: string): string => (/[。.]\s*$/.test(text) ? text : `${text}${stop}`);
