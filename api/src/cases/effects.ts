/** What a planned move does, line by line, as it is shown before the move: steps, documents, clocks, who is told. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { MoveEffect } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Clocks } from '../clocks/index.ts';
import type { Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { MovePlan } from '../moves/index.ts';

export type Effect = z.infer<typeof MoveEffect>;

export interface MoveEffects {
  /** `starter`: who gets the first step that is started. */
  of(row: CaseRow, release: Release, plan: MovePlan, starter?: string | null): Promise<Effect[]>;
  /** Documents made since by steps that the move undoes: they stay. */
  documents(row: CaseRow, plan: MovePlan, since: Date): Promise<Effect[]>;
}

export function createMoveEffects(
  { db }: Pick<Core, 'db'>,
  deps: { clocks: Pick<Clocks, 'effectsOfMove'> },
): MoveEffects {
  return {
    async of(row, release, plan, starter = null) {
      const held: { act_inst: string; name: string }[] = await db('task as t')
        .join('person as p', 'p.id', 't.holder')
        .join('step_visit as v', 'v.task_id', 't.id')
        .where('t.case_id', row.id)
        .whereNull('t.ended_at')
        .select('v.act_inst', 'p.name');
      const holder = (instance: string) => held.find((task) => task.act_inst === instance)?.name ?? null;
      const clocks = await deps.clocks.effectsOfMove(release, row.id, {
        kept: plan.keep.map((k) => k.instanceId),
        started: await enteredBy(db, row.id, plan),
      });
      return [
        ...plan.cancel.flatMap((c) =>
          c.inner.length > 0
            ? c.inner.map((step) => line('cancel', step, holder(step.instanceId), within(c.name)))
            : [line('cancel', c, holder(c.instanceId))],
        ),
        ...plan.keep.map((k) => line('keep', k, holder(k.instanceId))),
        ...plan.start.map((s, i) => line('start', s, i === 0 ? starter : null)),
        ...alike(clocks.map(({ what, note }): Effect => ({ kind: 'clock', what, note, who: null, step: null }))),
        ...clocks.filter(({ stops }) => stops).map(({ what }) => stopped(row, what)),
      ];
    },

    async documents(row, plan, since) {
      const found: { title: string; number: string | null; state: string }[] = await db('document')
        .where({ case_id: row.id })
        .where('made_at', '>=', since)
        .whereIn('step', plan.undone)
        .whereIn('state', ['made', 'sealed', 'served'])
        .orderBy('made_at');
      return found.map(({ title, number, state }): Effect => ({
        kind: 'keep',
        what: { zh: `《${title}》${number ?? ''}`, en: `“${title}” ${number ?? ''}` },
        who: null,
        note:
          state === 'served'
            ? { zh: '已送达，留在卷内，有新的代替前有效', en: 'Served; stands until it is superseded' }
            : { zh: '留在卷内', en: 'Stays in the file' },
        step: null,
      }));
    },
  };
}

function line(
  kind: Effect['kind'],
  { activityId, name }: Pick<MovePlan['start'][number], 'activityId' | 'name'>,
  who: string | null,
  note: Effect['note'] = null,
): Effect {
  return { kind, what: { zh: name, en: name }, who, note, step: activityId };
}

const within = (name: string): Effect['note'] => ({ zh: `随「${name}」取消`, en: `Ends with “${name}”` });

const stopped = (row: CaseRow, what: Effect['what']): Effect => ({
  kind: 'tell',
  what: { zh: '申请人', en: 'The applicant' },
  who: row.subject_name,
  note: { zh: `「${what.zh}」停止计算`, en: `“${what.en}” stops` },
  step: null,
});

/** Steps that are entered: where threads begin, their first step once for each of them. */
async function enteredBy(db: Knex, caseId: string, plan: MovePlan): Promise<string[]> {
  const entered = plan.start.map(async ({ activityId, threads }) => {
    if (!threads) return [activityId];
    return Array.from({ length: await threadsOf(db, caseId, threads.of) }, () => threads.first);
  });
  return (await Promise.all(entered)).flat();
}

/** How many threads a sub-process had when it was last entered. */
async function threadsOf(db: Knex, caseId: string, subProcess: string): Promise<number> {
  const last = await db('step_visit')
    .where({ case_id: caseId, step: subProcess })
    .orderBy('visit', 'desc')
    .first('parent');
  if (!last) return 0;
  return (await db('step_visit').where({ case_id: caseId, step: subProcess, parent: last.parent }).pluck('act_inst'))
    .length;
}

/** Lines that say the same, as those of several threads do, become one. */
function alike(lines: Effect[]): Effect[] {
  const groups = new Map<string, Effect[]>();
  for (const one of lines) groups.set(JSON.stringify(one), [...(groups.get(JSON.stringify(one)) ?? []), one]);
  return [...groups.values()].map(([one, ...more]) => {
    const count = more.length + 1;
    if (count === 1) return one!;
    return { ...one!, note: { zh: `${count} 路，各${one!.note!.zh}`, en: `${count} threads: ${one!.note!.en}` } };
  });
}
