/** The inbox and the done list as people see them. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { ClockView, DoneRow, InboxCounts, InboxRow, ListFilter, Offer } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Calendar, WorkingDays } from '../calendar/index.ts';
import type { Core, Who } from '../core/index.ts';
import { shanghaiDay } from '../core/index.ts';
import { after, and, casesFitting, type ListDays } from '../search/index.ts';
import { resultTitle } from '../../../contracts/flow.ts';
import { batchableOf } from './batchable.ts';
import type { Inbox, InboxItem, InboxQuery } from './inbox.ts';

/** Working days within which a task counts as due soon. */
const SOON = 3;
/** Priority of a case whose flow names none. */
const USUAL = 50;

export interface ListDeps {
  inbox: Inbox;
  release(id: string): Promise<Release>;
  calendar: Pick<Calendar, 'days'>;
  clocks: { views(caseIds: string[], calendar: WorkingDays): Promise<Map<string, ClockView[]>> };
  offerTakeBack(done: DoneDecision, release: Release): Promise<Offer | null>;
}

/** A decision that was carried out and stands. */
interface DoneDecision {
  id: string;
  task_id: string;
  case_id: string;
  step: string;
  opinion: string | null;
  decided_at: Date;
}

export interface Lists {
  days(): Promise<ListDays>;
  inbox(who: Who, query: InboxQuery): Promise<{ rows: InboxRow[]; next: string | null; capped: boolean }>;
  counts(who: Who): Promise<z.infer<typeof InboxCounts>>;
  done(
    who: Who,
    query: ListFilter & { after?: string; limit: number },
  ): Promise<{ rows: z.infer<typeof DoneRow>[]; next: string | null }>;
}

interface Days extends ListDays {
  calendar: WorkingDays;
}

export function createLists(core: Core, deps: ListDeps): Lists {
  const { db } = core;

  async function days(): Promise<Days> {
    const today = shanghaiDay(core.time.now());
    const calendar = await deps.calendar.days();
    const soon = calendar.addWorkingDays(today, SOON);
    return { today, soon: 'day' in soon ? soon.day : today, calendar };
  }

  return {
    days,

    async inbox(who, query) {
      const now = await days();
      const { items, ...place } = await deps.inbox.page(who, query, now);
      const clocks = await deps.clocks.views([...new Set(items.map((i) => i.case_id))], now.calendar);
      const rows = await Promise.all(items.map((item) => row(who, item, clocks.get(item.case_id) ?? [], now)));
      return { rows, ...place };
    },

    async counts(who) {
      const now = await days();
      const { places, ...counts } = await deps.inbox.counts(who, now);
      const steps = await Promise.all(
        places.map(async ({ flow, step, release_id: id, count }) => {
          const { package: of } = await deps.release(id);
          const titles = { flowTitle: of.flow.title.zh, stepName: of.steps[step]?.name.zh ?? step };
          return { flow, step, count, ...titles, at: of.graph.nodes.findIndex((node) => node.id === step) };
        }),
      );
      steps.sort((a, b) => a.flow.localeCompare(b.flow) || a.at - b.at);
      return { ...counts, steps: steps.map(({ at: _, ...place }) => place) };
    },

    async done(who, { after: place, limit, ...filter }) {
      const fits = and(
        casesFitting(filter, await days(), { at: 'd.decided_at', step: 'd.step' }),
        after(place, { at: 'd.decided_at', id: 'd.id' }),
      );
      const found = await db(doneBy(db, who.personId))
        .join('case as c', 'c.id', 'd.case_id')
        .join('person as p', 'p.id', 'd.person_id')
        .leftJoin('person as b', 'b.id', 'd.on_behalf_of')
        .whereRaw(fits.sql, fits.values)
        .orderBy([
          { column: 'd.decided_at', order: 'desc' },
          { column: 'd.id', order: 'desc' },
        ])
        .limit(limit + 1)
        .select(
          'd.*',
          'c.number',
          'c.title',
          'c.flow',
          'c.subject_name',
          'c.release_id',
          'c.state as case_state',
          'c.result as case_result',
          'p.name as by',
          'b.name as behalf',
        );
      const rows = await Promise.all(
        found.slice(0, limit).map(async (d) => {
          const release = await deps.release(d.release_id);
          const step = release.package.steps[d.step];
          const takeBack =
            d.stands && d.person_id === who.personId && d.state === 'done'
              ? await deps.offerTakeBack(d, release)
              : null;
          return {
            decisionId: d.id,
            caseId: d.case_id,
            number: d.number,
            title: d.title,
            subjectName: d.subject_name,
            flow: d.flow,
            flowTitle: release.package.flow.title.zh,
            step: d.step,
            stepName: step?.name.zh ?? d.step,
            outcome: step?.outcomes.find((o) => o.id === d.outcome)?.zh ?? d.outcome,
            opinion: d.opinion,
            by: { id: d.person_id, name: d.by },
            for: d.on_behalf_of && { id: d.on_behalf_of, name: d.behalf },
            decidedAt: d.decided_at.toISOString(),
            state: d.state,
            caseState: d.case_state,
            caseResult: resultTitle(release, d.case_result),
            offers: takeBack ? [takeBack] : [],
          };
        }),
      );
      const last = found.length > limit ? found[limit - 1] : null;
      return { rows, next: last ? `${last.decided_at.toISOString()}~${last.id}` : null };
    },
  };

  async function row(who: Who, item: InboxItem, clocks: ClockView[], { today, calendar }: Days): Promise<InboxRow> {
    const release = await deps.release(item.release_id);
    const own = clocks.filter((c) => c.state !== 'ended');
    const clock = own.find((c) => c.dueOn === item.due_on && c.state === 'running') ?? own[0] ?? null;
    return {
      taskId: item.task_id,
      caseId: item.case_id,
      number: item.number,
      flow: item.flow,
      flowTitle: release.package.flow.title.zh,
      title: item.title,
      subjectName: item.subject_name,
      divisionName: item.division_name,
      step: item.step,
      stepName: item.step_name,
      stage: item.stage,
      state: item.state,
      holder: item.holder ? { id: item.holder, name: item.holder_name ?? '' } : null,
      mine: item.holder === who.personId,
      for: item.for,
      priority: item.priority,
      arrivedAt: item.arrived_at.toISOString(),
      dueOn: item.due_on,
      left: item.due_on === null ? null : left(calendar, item.due_on, today),
      clock,
      batch: batchableOf(release.package.steps[item.step]),
      tags: tags(item, own),
    };
  }
}

/** Working days until the day, negative after it; null in a year without calendar. */
function left(calendar: WorkingDays, dueOn: string, today: string): number | null {
  const n = calendar.workingDaysBetween(today, dueOn);
  return typeof n === 'number' ? n : null;
}

/** What a person decided, and answered where several answer; and what a deputy did in the person's name. */
function doneBy(db: Knex, personId: string): Knex.QueryBuilder {
  const columns = ['id', 'task_id', 'case_id', 'step', 'outcome', 'opinion', 'person_id', 'on_behalf_of'];
  const own = (query: Knex.QueryBuilder) =>
    void query.where((mine) => mine.where({ person_id: personId }).orWhere({ on_behalf_of: personId }));
  return db('decision')
    .modify(own)
    .whereRaw(`not jsonb_exists(detail, 'answers')`)
    .select(...columns, 'decided_at', 'state', db.raw('voided_by is null as stands'))
    .unionAll(
      db('answer')
        .modify(own)
        .select(...columns, { decided_at: 'answered_at' }, db.raw(`'done' as state, false as stands`)),
    )
    .as('d');
}

/** State colours say how a case stands with law and time; a case in order has none. */
function tags(item: InboxItem, clocks: ClockView[]): InboxRow['tags'] {
  const stopped = clocks.find((c) => c.state === 'stopped');
  return [
    ...(item.for ? [{ kind: 'note' as const, zh: `代 ${item.for.name}`, en: `For ${item.for.name}` }] : []),
    ...(item.state === 'held' ? [{ kind: 'note' as const, zh: '待发出', en: 'Not sent yet' }] : []),
    ...(item.priority > USUAL ? [{ kind: 'note' as const, zh: '优先', en: 'Priority' }] : []),
    ...(item.sign ? [{ kind: 'note' as const, zh: '加签', en: 'Opinion asked' }] : []),
    ...(stopped ? [{ kind: 'hold' as const, zh: '时钟停止', en: 'Clock stopped' }] : []),
    ...((item.visit ?? 1) > 1
      ? [{ kind: 'note' as const, zh: `第 ${item.visit} 次到本环节`, en: `Visit ${item.visit}` }]
      : []),
    ...(clocks.some((c) => c.unknown)
      ? [{ kind: 'watch' as const, zh: '到期日待放假安排', en: 'Due day awaits the calendar' }]
      : []),
  ];
}
