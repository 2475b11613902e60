import { z } from 'zod';
import { IncidentPage, IncidentRow } from '../../../../contracts/api/index.ts';
import { defineRoute, invalidInput, notFound, type AnyRoute, type Core, type Who } from '../../core/index.ts';
import type { IncidentInput } from '../../engine/index.ts';

export interface IncidentRouteDeps {
  /** Tries again what had stopped and closes the incident. @throws Problem `not-found` where none is open */
  retry(who: Who, incidentId: string): Promise<void>;
}

interface Found {
  id: string;
  code: string;
  kind: IncidentInput['kind'];
  state: 'open' | 'closed';
  case_id: string | null;
  case_number: string | null;
  step: string | null;
  step_name: string | null;
  message: string;
  detail: string | null;
  opened_at: Date;
  closed_at: Date | null;
  closed_by_name: string | null;
  seen: number;
}

const OPERATOR = { kind: 'role' as const, roles: ['operator'] };
const PAGE = 50;

/** What stopped and only an operator can mend: open ones first, newest first. */
export function createIncidentRoutes({ db }: Core, { retry }: IncidentRouteDeps): AnyRoute[] {
  const found = () =>
    db('incident as i')
      .leftJoin('case as c', 'c.id', 'i.case_id')
      .leftJoin('release as r', 'r.id', 'c.release_id')
      .leftJoin('person as p', 'p.id', 'i.closed_by')
      .select('i.*', 'c.number as case_number', 'p.name as closed_by_name')
      .select(db.raw(`r.package->'steps'->i.step->'name'->>'zh' as step_name`));

  return [
    defineRoute({
      method: 'get',
      path: '/incidents',
      title: { zh: '运行事件', en: 'Incidents' },
      rights: OPERATOR,
      query: z.object({ after: z.string().max(200).optional() }),
      answer: IncidentPage,
      async handle({ query: { after } }) {
        const rows: Found[] = await found()
          .modify((query) => {
            if (after) void query.whereRaw(`(i.state = 'open', i.opened_at, i.id) < (?, ?, ?)`, cursorOf(after));
          })
          .orderByRaw(`i.state = 'open' desc, i.opened_at desc, i.id desc`)
          .limit(PAGE + 1);
        const shown = rows.slice(0, PAGE);
        const last = rows.length > PAGE ? shown.at(-1)! : null;
        return {
          rows: shown.map(view),
          next: last && `${last.state === 'open'}~${last.opened_at.toISOString()}~${last.id}`,
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/incidents/:incident/retry',
      title: { zh: '重新执行', en: 'Try again' },
      rights: OPERATOR,
      params: z.object({ incident: z.uuid() }),
      answer: IncidentRow,
      async handle({ who, params: { incident: id } }) {
        await retry(who, id);
        const incident: Found | undefined = await found().where('i.id', id).first();
        if (!incident) throw notFound();
        return view(incident);
      },
    }),
  ];
}

function cursorOf(after: string): [boolean, Date, string] {
  const [open, openedAt, id] = after.split('~');
  const at = new Date(openedAt);
  if (Number.isNaN(at.getTime()) || !z.uuid().safeParse(id).success)
    throw invalidInput({
      fields: [{ path: 'after', zh: '用上一页给出的值', en: 'Use the value that the last page gave' }],
    });
  return [open === 'true', at, id];
}

function view(row: Found): IncidentRow {
  return {
    id: row.id,
    code: row.code,
    kind: row.kind,
    caseId: row.case_id,
    caseNumber: row.case_number,
    step: row.step,
    stepName: row.step_name,
    message: row.message,
    detail: row.detail,
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    closedBy: row.closed_by_name,
    seen: row.seen,
  };
}
