import { z } from 'zod';
import { AbsenceBody, AbsenceList, AbsencePeople, AbsencePeopleQuery, Made } from '../../../contracts/api/index.ts';
import { defineRoute, type AnyRoute } from '../core/index.ts';
import type { Absences } from './absence.service.ts';

export function absenceRoutes(absences: Absences): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/absences',
      title: { zh: '外出代理', en: 'Absences and deputies' },
      rights: { kind: 'staff' },
      query: z.object({ person: z.uuid().optional() }),
      answer: AbsenceList,
      handle: async ({ who, query }) => ({ rows: await absences.list(who, query.person) }),
    }),
    defineRoute({
      method: 'get',
      path: '/absences/people',
      title: { zh: '可登记外出、可代理的人员', en: 'Who may be absent, who may act' },
      rights: { kind: 'staff' },
      query: AbsencePeopleQuery,
      answer: AbsencePeople,
      handle: ({ who, query }) => absences.people(who, query.for, query.q),
    }),
    defineRoute({
      method: 'get',
      path: '/absences/flows',
      title: { zh: '可限定代理的事项', en: 'Flows that an absence may be limited to' },
      rights: { kind: 'staff' },
      answer: z.object({ rows: z.array(z.object({ id: z.string(), title: z.string() })) }),
      handle: async () => ({ rows: await absences.flows() }),
    }),
    defineRoute({
      method: 'post',
      path: '/absences',
      title: { zh: '登记外出代理', en: 'Declare an absence' },
      rights: { kind: 'staff' },
      body: AbsenceBody,
      answer: Made,
      status: 201,
      handle: async ({ who, body }) => ({ id: await absences.declare(who, body) }),
    }),
    defineRoute({
      method: 'delete',
      path: '/absences/:absence',
      title: { zh: '结束外出代理', en: 'End an absence' },
      rights: { kind: 'object' },
      params: z.object({ absence: z.uuid() }),
      answer: z.object({}),
      async handle({ who, params }) {
        await absences.end(who, params.absence);
        return {};
      },
    }),
  ];
}
