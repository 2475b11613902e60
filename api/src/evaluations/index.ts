/** Evaluations of closed cases by their subjects. */
import { z } from 'zod';
import { EvaluationBody, EvaluationCounts, EvaluationsWaiting, EvaluationView } from '../../../contracts/api/index.ts';
import { defineRoute, type AnyRoute, type Core } from '../core/index.ts';
import { createEvaluations, type EvaluationDeps } from './evaluations.service.ts';

const Case = z.object({ case: z.uuid() });

export function evaluationRoutes(core: Core, deps: EvaluationDeps): AnyRoute[] {
  const evaluations = createEvaluations(core, deps);
  return [
    defineRoute({
      method: 'get',
      path: '/cases/:case/evaluation',
      title: { zh: '办件的评价', en: 'Evaluation of a case' },
      rights: { kind: 'object' },
      params: Case,
      answer: EvaluationView,
      handle: ({ who, params }) => evaluations.view(who, params.case),
    }),
    defineRoute({
      method: 'post',
      path: '/cases/:case/evaluation',
      title: { zh: '评价办件', en: 'Evaluate a case' },
      rights: { kind: 'object' },
      params: Case,
      body: EvaluationBody,
      answer: z.object({}),
      async handle({ who, params, body }) {
        await evaluations.give(who, params.case, body.data);
        return {};
      },
    }),
    defineRoute({
      method: 'get',
      path: '/evaluations/waiting',
      title: { zh: '等评价的办件', en: 'Cases to be evaluated' },
      rights: { kind: 'applicant' },
      answer: EvaluationsWaiting,
      handle: ({ who }) => evaluations.waiting(who),
    }),
    defineRoute({
      method: 'get',
      path: '/evaluations',
      title: { zh: '评价统计', en: 'Evaluations, counted' },
      rights: { kind: 'staff' },
      answer: EvaluationCounts,
      handle: ({ who }) => evaluations.counts(who),
    }),
  ];
}
