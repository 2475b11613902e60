/** Who was asked in the steps of a case where several answer, and what they said. */
import type { AnswersView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Core, Who } from '../core/index.ts';
import { actsFor } from './rows.ts';
import { quorumText } from './tally.ts';

interface AnswererRow {
  task_id: string;
  step: string;
  name: string;
  visit: number | null;
  answerer: string;
  asked: string | null;
  person: string | null;
  behalf: string | null;
  outcome: string | null;
  opinion: string | null;
  state: 'given' | 'void' | null;
  answered_at: Date | null;
}

/** In the order of the visits; within one, who answered first. */
export async function answersOfCase(
  { db }: Pick<Core, 'db'>,
  who: Who,
  caseId: string,
  release: Release,
): Promise<AnswersView[]> {
  const rows: AnswererRow[] = await db('answerer as r')
    .join('task as t', 't.id', 'r.task_id')
    .leftJoin('answer as a', (on) => on.on('a.task_id', 'r.task_id').andOn('a.answerer', 'r.answerer'))
    .leftJoin('person as p', 'p.id', 'a.person_id')
    .leftJoin('person as b', 'b.id', 'a.on_behalf_of')
    .where('t.case_id', caseId)
    .orderByRaw('coalesce(t.arrived_at, t.entered_at), t.id, a.position nulls last, r.answerer')
    .select('r.task_id', 't.step', 't.name', 't.visit', 'r.answerer', { person: 'p.name', behalf: 'b.name' })
    .select('a.outcome', 'a.opinion', 'a.state', 'a.answered_at')
    .select({ asked: db.raw(ASKED) });
  const concluded: { task_id: string; outcome: string }[] = await db('decision')
    .where({ case_id: caseId })
    .whereIn('task_id', [...new Set(rows.map((row) => row.task_id))])
    .whereNot({ state: 'blocked' })
    .select('task_id', 'outcome');

  const visits = new Map<string, AnswersView>();
  for (const row of rows) {
    const step = release.package.steps[row.step];
    const titleOf = (outcome: string | undefined | null) =>
      outcome ? (step?.outcomes.find((one) => one.id === outcome)?.zh ?? outcome) : null;
    const visit = visits.get(row.task_id) ?? {
      taskId: row.task_id,
      stepName: row.name,
      visit: row.visit ?? 1,
      rule: { zh: '', en: '' },
      concluded: titleOf(concluded.find((one) => one.task_id === row.task_id)?.outcome),
      rows: [],
    };
    visits.set(row.task_id, visit);
    visit.rows.push({
      asked: row.asked ?? row.answerer,
      mine: actsFor(who, row.answerer),
      person: row.person,
      onBehalfOf: row.behalf,
      outcome: titleOf(row.outcome),
      opinion: row.opinion,
      at: row.answered_at?.toISOString() ?? null,
      void: row.state === 'void',
    });
    if (step?.quorum) visit.rule = quorumText(step.quorum, new Set(visit.rows.map(({ asked }) => asked)).size);
  }
  return [...visits.values()];
}

/** Name of an answerer: a person, or the role at its office. */
const ASKED = `coalesce(
  (select o.short_name || ' ' || ro.zh from role ro, office o
   where r.answerer = ro.id || '@' || o.code),
  (select n.name from person n where r.answerer = 'person:' || n.id))`;
