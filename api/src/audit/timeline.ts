import type { z } from 'zod';
import type { TimelineEntry as TimelineEntrySchema } from '../../../contracts/api/index.ts';
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

const LINES = `
  select a.*, p.name as person, b.name as behalf, r.zh as role_zh, r.en as role_en, o.name as office_name
  from audit a
  left join person p on p.id = a.person_id
  left join person b on b.id = a.on_behalf_of
  left join role r on r.id = a.role
  left join office o on o.code = a.office
  where a.case_id = ? order by a.sequence`;

const STEP_NAMES = `
  select s.key as step, s.value->'name'->>'zh' as name
  from "case" c join release r on r.id = c.release_id, jsonb_each(r.package->'steps') s
  where c.id = ?`;

export function createTimeline(core: Pick<Core, 'db'>) {
  return async (caseId: string): Promise<TimelineEntry[]> => {
    const [lines, steps] = await Promise.all([core.db.raw(LINES, [caseId]), core.db.raw(STEP_NAMES, [caseId])]);
    const names = new Map<string, string>(steps.rows.map((s: { step: string; name: string }) => [s.step, s.name]));
    return lines.rows.map((line: NamedLine) => entryOf(line, names));
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
