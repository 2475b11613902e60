import { z } from 'zod';
import { IncidentPage } from '../../../contracts/api/index.ts';
import { defineRoute, type AnyRoute, type Core, type Who } from '../core/index.ts';

export function incidentRoutes(core: Core, deps: { retry(who: Who, id: string): Promise<void> }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/incidents',
      title: { zh: '运行事件', en: 'Incidents' },
      rights: { kind: 'role', roles: ['operator'] },
      query: z.object({
        state: z.enum(['open', 'closed']).default('open'),
        after: z.string().max(80).optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      answer: IncidentPage,
      async handle({ query: { state, after, limit } }) {
        const query = core
          .db('incident as i')
          .leftJoin('case as c', 'c.id', 'i.case_id')
          .leftJoin('person as p', 'p.id', 'i.closed_by')
          .leftJoin('release as r', 'r.id', 'c.release_id')
          .where('i.state', state)
          .orderBy([
            { column: 'i.opened_at', order: 'desc' },
            { column: 'i.id', order: 'desc' },
          ])
          .limit(limit + 1)
          .select(
            'i.*',
            'c.number',
            'p.name as closer',
            core.db.raw(`r.package->'steps'->i.step->'name'->>'zh' as step_name`),
          );
        const [at, id] = after?.split('~') ?? [];
        if (at && id) query.whereRaw('(i.opened_at, i.id) < (?::timestamptz, ?::uuid)', [at, id]);
        const found = await query;
        const rows = found.slice(0, limit).map((i) => ({
          id: i.id,
          code: i.code,
          kind: i.kind,
          caseId: i.case_id,
          caseNumber: i.number ?? null,
          step: i.step,
          stepName: i.step_name ?? null,
          message: i.message,
          detail: i.detail,
          openedAt: i.opened_at.toISOString(),
          closedAt: i.closed_at?.toISOString() ?? null,
          closedBy: i.closer ?? null,
          seen: i.seen,
        }));
        const last = found.length > limit ? found[limit - 1] : null;
        return { rows, next: last ? `${last.opened_at.toISOString()}~${last.id}` : null };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/incidents/:incident/retry',
      title: { zh: '重试', en: 'Retry what stopped' },
      rights: { kind: 'role', roles: ['operator'] },
      params: z.object({ incident: z.uuid() }),
      answer: z.object({}),
      async handle({ who, params }) {
        await deps.retry(who, params.incident);
        return {};
      },
    }),
  ];
}
