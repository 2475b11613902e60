/**
 * Who may not act in a step although the role is theirs: one question that candidates, claim, decision and everything
 * that hands a task on ask.
 */
import type { Knex } from 'knex';
import type { Step } from '../../../contracts/flow.ts';
import { shanghaiDay, type Core } from '../core/index.ts';

/** The case and the step in it. `steps` are those of the release, for their names. */
export interface ActOfStep {
  row: { id: string; subject_register: string | null; subject_id: string | null; starter: string };
  step: Pick<Step, 'notSameAs'>;
  steps: Record<string, Step>;
}

export interface Exclusion {
  code: 'four-eyes' | 'avoidance';
  zh: string;
  en: string;
}

export interface Exclusions {
  /** Of these people, those who may not act, each with the reason. */
  of(db: Knex, act: ActOfStep, people: string[]): Promise<Map<string, Exclusion>>;
  /** `person_id` and `case_id` of the open cases that these people stay away from today, as SQL. */
  avoidedBy(people: string[]): { sql: string; values: (string | string[])[] };
}

export function createExclusions(core: Pick<Core, 'db' | 'time'>): Exclusions {
  return {
    async of(db, act, people) {
      const found = new Map<string, Exclusion>();
      if (people.length === 0) return found;
      for (const { person_id: person, step } of await earlier(db, act, people)) {
        const name = act.steps[step]?.name.zh ?? step;
        found.set(person, {
          code: 'four-eyes',
          zh: `「${name}」由本人办理，这一步须由他人办理`,
          en: `The same person decided “${name}”; another has to decide this step`,
        });
      }
      for (const { person_id: person, ground, to_day: until } of await avoiding(db, act, people))
        found.set(person, {
          code: 'avoidance',
          zh: `已声明回避（${ground}），至 ${until}`,
          en: `Steps aside until ${until}: ${ground}`,
        });
      return found;
    },

    avoidedBy(people) {
      const today = shanghaiDay(core.time.now());
      return {
        sql: `select a.person_id, c.id as case_id from avoidance a join lateral (
            select id from "case" where subject_id = a.subject_id and state <> 'closed'
            union all select id from "case" where starter = a.other_id and state <> 'closed') c on true
          where a.person_id = any(?) and a.ended_at is null and ?::date between a.from_day and a.to_day`,
        values: [people, today],
      };
    },
  };

  /** Who decided or answered, or had it done in their name, in the steps that this one must not share people with. */
  async function earlier(
    db: Knex,
    { row, step: { notSameAs } }: ActOfStep,
    people: string[],
  ): Promise<{ person_id: string; step: string }[]> {
    if (notSameAs.length === 0) return [];
    const of = (table: string, state: string, column: 'person_id' | 'on_behalf_of') =>
      db(table)
        .where({ case_id: row.id, state })
        .whereIn('step', notSameAs)
        .whereIn(column, people)
        .select({ person_id: column }, 'step');
    return of('decision', 'done', 'person_id').union([
      of('decision', 'done', 'on_behalf_of'),
      of('answer', 'given', 'person_id'),
      of('answer', 'given', 'on_behalf_of'),
    ]);
  }

  async function avoiding(
    db: Knex,
    { row }: ActOfStep,
    people: string[],
  ): Promise<{ person_id: string; ground: string; to_day: string }[]> {
    return current(db)
      .whereIn('person_id', people)
      .where((from) =>
        from
          .where({ other_id: row.starter })
          .orWhere((subject) =>
            subject
              .whereNotNull('subject_id')
              .where({ subject_register: row.subject_register, subject_id: row.subject_id }),
          ),
      )
      .select('person_id', 'ground', 'to_day');
  }

  function current(db: Knex): Knex.QueryBuilder {
    const today = shanghaiDay(core.time.now());
    return db('avoidance').whereNull('ended_at').where('from_day', '<=', today).where('to_day', '>=', today);
  }
}
