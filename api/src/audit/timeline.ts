import type { Knex } from 'knex';
import type { z } from 'zod';
import type {
  TimelineEntry as TimelineEntrySchema,
  TimelinePage,
  TimelineQuery,
} from '../../../contracts/api/index.ts';
import { SUBJECTS, type TimelineGroup } from '../../../contracts/timeline.ts';
import type { Core } from '../core/index.ts';
import type { AuditLine } from './chain.ts';
import { sentence, type Told } from './texts.ts';

export type TimelineEntry = z.infer<typeof TimelineEntrySchema>;

interface NamedLine extends Omit<AuditLine, 'detail'> {
  hash: string;
  detail: Told;
  person: string | null;
  behalf: string | null;
  role_zh: string | null;
  role_en: string | null;
  office_name: string | null;
}

export interface Timeline {
  /** All lines of a case, oldest first. */
  all(caseId: string): Promise<TimelineEntry[]>;
  page(caseId: string, query: TimelineQuery): Promise<TimelinePage>;
  /** One line, by its place in the chain of the case. */
  line(caseId: string, sequence: number): Promise<TimelineEntry | undefined>;
}

const PAGE = 100;
/** Lines read at once while words are looked for. */
const CHUNK = 500;

const STEP_NAMES = `
  select s.key as step, s.value->'name'->>'zh' as name
  from "case" c join release r on r.id = c.release_id, jsonb_each(r.package->'steps') s
  where c.id = ?`;

/** Clocks whose last event before a line is that they were stopped. */
const STANDING = `
  select count(*)::int as n from (
    select distinct on (detail->>'clock') action from audit
    where case_id = :caseId and sequence < :before
      and action in ('clock.start', 'clock.stop', 'clock.resume', 'clock.end')
    order by detail->>'clock', sequence desc) last
  where action = 'clock.stop'`;

export function createTimeline({ db }: Pick<Core, 'db'>): Timeline {
  return {
    async all(caseId) {
      const [lines, names] = await Promise.all([linesOf(caseId).orderBy('a.sequence'), namesOf(caseId)]);
      return lines.map((line: NamedLine) => entryOf(line, names));
    },

    async page(caseId, { after, about, q }) {
      const [names, newest] = await Promise.all([
        namesOf(caseId),
        db('audit').where({ case_id: caseId }).max({ sequence: 'sequence' }).first(),
      ]);
      const words = q?.toLowerCase();
      const found: { sequence: number; entry: TimelineEntry }[] = [];
      for await (const line of newestFirst(caseId, { about, after, atOnce: words ? CHUNK : PAGE + 1 })) {
        const entry = entryOf(line, names);
        if (!words || `${entry.zh} ${entry.en}`.toLowerCase().includes(words))
          found.push({ sequence: line.sequence, entry });
        if (found.length > PAGE) break;
      }
      const shown = found.slice(0, PAGE);
      const first = shown.at(-1)?.sequence ?? 0;
      // Only beside the lines that tell how it goes on from there.
      const tellsClocks = !words && (!about || about === 'clocks');
      return {
        entries: shown.map(({ entry }) => entry).reverse(),
        total: newest?.sequence ?? 0,
        standing: tellsClocks ? await standingBefore(caseId, first) : 0,
        next: found.length > PAGE ? first : null,
      };
    },

    async line(caseId, sequence) {
      const [line, names] = await Promise.all([linesOf(caseId).where('a.sequence', sequence).first(), namesOf(caseId)]);
      return line && entryOf(line, names);
    },
  };

  function linesOf(caseId: string): Knex.QueryBuilder {
    return db('audit as a')
      .leftJoin('person as p', 'p.id', 'a.person_id')
      .leftJoin('person as b', 'b.id', 'a.on_behalf_of')
      .leftJoin('role as r', 'r.id', 'a.role')
      .leftJoin('office as o', 'o.code', 'a.office')
      .where('a.case_id', caseId)
      .select('a.*', { person: 'p.name', behalf: 'b.name', role_zh: 'r.zh', role_en: 'r.en', office_name: 'o.name' });
  }

  async function* newestFirst(
    caseId: string,
    { about, after, atOnce }: { about?: TimelineGroup; after?: number; atOnce: number },
  ): AsyncGenerator<NamedLine> {
    for (let before = after; ;) {
      const lines: NamedLine[] = await linesOf(caseId)
        .modify(lineIs(about))
        .modify((query) => void (before && query.where('a.sequence', '<', before)))
        .orderBy('a.sequence', 'desc')
        .limit(atOnce);
      yield* lines;
      if (lines.length < atOnce) return;
      before = lines.at(-1)!.sequence;
    }
  }

  async function standingBefore(caseId: string, before: number): Promise<number> {
    const { rows } = await db.raw(STANDING, { caseId, before });
    return rows[0].n;
  }

  async function namesOf(caseId: string): Promise<Map<string, string>> {
    const { rows } = await db.raw(STEP_NAMES, [caseId]);
    return new Map(rows.map(({ step, name }: { step: string; name: string }) => [step, name]));
  }
}

function lineIs(about?: TimelineGroup) {
  return (query: Knex.QueryBuilder): void => {
    if (!about) return;
    const subjects = about === 'acts' ? Object.values(SUBJECTS).flat() : SUBJECTS[about];
    const begins = subjects.map((action) => `${action}%`);
    void query.whereRaw(about === 'acts' ? 'not a.action like any(?)' : 'a.action like any(?)', [begins]);
  };
}

function entryOf(line: NamedLine, names: Map<string, string>): TimelineEntry {
  const nameOf = (step: string) => names.get(step) ?? step;
  const { detail } = line;
  const stepName = line.step && nameOf(line.step);
  return {
    at: line.at.toISOString(),
    occurredAt: line.occurred_at?.toISOString() ?? null,
    action: line.action,
    ...sentence({
      action: line.action,
      person: line.person,
      onBehalfOf: line.behalf,
      role: line.role_zh === null || line.role_en === null ? null : { zh: line.role_zh, en: line.role_en },
      office: line.office_name,
      step: stepName,
      visit: line.visit,
      occurredAt: line.occurred_at && MOMENT.format(line.occurred_at),
      detail: { ...detail, cancelled: detail.cancelled?.map(nameOf), kept: detail.kept?.map(nameOf) },
    }),
    person: line.person,
    role: line.role_zh ?? line.role,
    office: line.office_name ?? line.office,
    onBehalfOf: line.behalf,
    step: line.step,
    stepName,
    visit: line.visit,
    opinion: detail.opinion || null,
    reason: detail.reason || null,
    article: detail.article || null,
    outcome: detail.outcome || null,
    hash: line.hash,
  };
}

/** `2026-11-21 10:32` in Asia/Shanghai. */
const MOMENT = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});
