/** For tests: a flow whose steps may send a case back, and cases of it. */
import type { ReturnTarget } from '../../../contracts/api/index.ts';
import { end, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

export const BY = '南明区受理岗';
export const GO = [outcome('go', { kind: 'primary' }), outcome('other')];
export const gateway = (kind: string, id: string, way = '') => `<bpmn:${kind}Gateway id="${id}" name="${id}" ${way} />`;

/**
 * accept > (legal | first > tech with a limit and its timer) > rule; both branches and rule may send back. `rule` may
 * also have all of it done once more.
 */
export const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: {
    report: [
      { type: 'textfield', key: 'name', label: '名称' },
      { type: 'textfield', key: 'applied', label: '申请时所填', readonly: '=step = "first"' },
    ],
  },
  model: [
    start,
    gateway('exclusive', 'begun'),
    user('accept', 'cma.acceptance', GO, { actions: 'take-back' }),
    gateway('parallel', 'fork'),
    user('legal', 'cma.acceptance', GO, { actions: 'return', returnTo: 'accept,first' }),
    user('first', 'cma.acceptance', GO, { edits: 'report', actions: 'take-back' }),
    user('tech', 'cma.acceptance', GO, { limit: 'P5WD', actions: 'return', returnTo: 'accept,first,legal' }),
    '<bpmn:boundaryEvent id="late" name="late" attachedToRef="tech" cancelActivity="false"><bpmn:timerEventDefinition id="lateTimer" /></bpmn:boundaryEvent>',
    end('lateEnd'),
    gateway('parallel', 'join'),
    user('rule', 'cma.acceptance', GO, { actions: 'return', returnTo: 'accept,tech' }),
    gateway('exclusive', 'ruled', 'default="ruled-done"'),
    end('done'),
    path('start begun accept fork legal join rule ruled done'),
    path('fork first tech join'),
    `<bpmn:sequenceFlow id="anew" name="anew" sourceRef="ruled" targetRef="begun"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${rule_outcome == 'other'}</bpmn:conditionExpression></bpmn:sequenceFlow>`,
    path('late lateEnd'),
  ].join(''),
};
export interface Cases {
  /** A case in which these steps, one behind the other, are answered. */
  begin(steps: string): Promise<string>;
  decide(caseId: string, steps: string, decision?: object): Promise<void>;
  /** Steps that are open. */
  open(caseId: string): Promise<string[]>;
  targets(caseId: string, step: string): Promise<ReturnTarget[]>;
  sendBack(caseId: string, step: string, body: object): Promise<{ state: string }>;
  answers(caseId: string): Promise<{ step: string; outcome: string; void: boolean }[]>;
}

export function createCases(world: FlowWorld): Cases {
  const { db } = world.core;
  const decide: Cases['decide'] = async (caseId, steps, decision = { outcome: 'go' }) => {
    for (const step of steps.split(' ')) await world.decide(BY, caseId, step, decision);
  };
  return {
    decide,
    async begin(steps) {
      const caseId = await world.start(BY, { name: '试验' });
      await decide(caseId, steps);
      return caseId;
    },
    open: async (caseId) => (await world.view(BY, caseId)).tasks.map((task) => task.step).sort(),
    async targets(caseId, step) {
      const task = await world.task(BY, caseId, step);
      const client = await world.as(BY);
      return (await client.get<{ targets: ReturnTarget[] }>(`/tasks/${task.id}/returns`)).targets;
    },
    async sendBack(caseId, step, body) {
      const task = await world.task(BY, caseId, step);
      const client = await world.as(BY);
      const asked = { reason: '材料不全', ...body };
      const answer = await client.send<{ state: string }>('POST', `/tasks/${task.id}/return`, asked);
      await world.quiet();
      return answer;
    },
    answers: async (caseId) =>
      db('decision')
        .where({ case_id: caseId, state: 'done' })
        .orderBy('decided_at')
        .select('step', 'outcome', db.raw('voided_by is not null as void')),
  };
}
