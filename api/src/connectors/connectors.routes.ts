/** What was sent to outside systems and what they answered, for operators. */
import { z } from 'zod';
import { CallPage } from '../../../contracts/api/index.ts';
import { defineRoute, invalidInput, type AnyRoute, type Core } from '../core/index.ts';
import type { CallRow } from './connectors.service.ts';
import { systems } from './systems.ts';

const PAGE = 50;

interface Attempt {
  call_id: string;
  at: Date;
  ms: number;
  status: number | null;
  body: string | null;
  problem: string | null;
}

export function connectorRoutes({ db }: Pick<Core, 'db'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/connector-calls',
      title: { zh: '与外部系统的往来', en: 'Calls to outside systems' },
      rights: { kind: 'role', roles: ['operator'] },
      query: z.object({ system: z.string().max(60).optional(), after: z.string().max(80).optional() }),
      answer: CallPage,
      async handle({ query: { system, after } }) {
        const query = db('connector_call as c')
          .join('case as k', 'k.id', 'c.case_id')
          .leftJoin('incident as i', (on) =>
            on.on('i.ref', db.raw('c.id::text')).andOnVal('i.kind', 'connector').andOnVal('i.state', 'open'),
          )
          .select('c.*', 'k.number as case_number', 'i.id as incident')
          .orderBy([
            { column: 'c.at', order: 'desc' },
            { column: 'c.id', order: 'desc' },
          ])
          .limit(PAGE + 1);
        if (system) query.where('c.system', system);
        if (after) query.whereRaw('(c.at, c.id) < (?, ?)', keyOf(after));
        const found: (CallRow & { case_number: string; incident: string | null })[] = await query;
        const shown = found.slice(0, PAGE);
        const attempts: Attempt[] = await db('connector_attempt')
          .whereIn(
            'call_id',
            shown.map(({ id }) => id),
          )
          .orderBy('id');
        const last = shown.at(-1);
        return {
          rows: shown.map((call) => ({
            ...{ id: call.id, state: call.state, request: call.request, answer: call.answer },
            system: systems[call.system]?.title ?? { zh: call.system, en: call.system },
            message: systems[call.system]?.messages[call.message]?.title ?? { zh: call.message, en: call.message },
            ...{ caseId: call.case_id, caseNumber: call.case_number, step: call.step, at: call.at.toISOString() },
            incident: call.incident,
            attempts: attempts
              .filter(({ call_id: of }) => of === call.id)
              .map(({ at, ms, status, body, problem }) => ({ at: at.toISOString(), ms, status, body, problem })),
          })),
          next: found.length > PAGE && last ? `${last.at.toISOString()}_${last.id}` : null,
        };
      },
    }),
  ];
}

function keyOf(after: string): [string, string] {
  const [at = '', id = ''] = after.split('_');
  if (!z.iso.datetime().safeParse(at).success || !z.uuid().safeParse(id).success)
    throw invalidInput({
      fields: [{ path: 'after', zh: '取上一页的 next', en: 'Take it from `next` of the page before' }],
    });
  return [at, id];
}
