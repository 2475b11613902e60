import {
  EngineError,
  type ActivityNode,
  type EnginePort,
  type FoundInstance,
  type MoveInstruction,
} from '../port/index.ts';
import { at, type Failpoints } from './failpoints.ts';
import type { Rest } from './rest.ts';
import { toTyped, type TypedValue } from './variables.ts';

interface TreeAnswer {
  id: string;
  activityId: string;
  activityType: string;
  executionIds: string[];
  childActivityInstances: TreeAnswer[];
  childTransitionInstances: { id: string; activityId: string; executionId: string }[];
}

const STATES: Record<string, FoundInstance['state']> = {
  ACTIVE: 'active',
  SUSPENDED: 'active',
  COMPLETED: 'completed',
  EXTERNALLY_TERMINATED: 'ended',
  INTERNALLY_TERMINATED: 'ended',
};

export function cases(
  rest: Rest,
  failpoints?: Failpoints,
): Pick<EnginePort, 'start' | 'find' | 'complete' | 'receive' | 'tree' | 'move'> {
  async function find(businessKey: string): Promise<FoundInstance | null> {
    const [found] = await rest.get<{ id: string; state: string }[]>('/history/process-instance', {
      processInstanceBusinessKey: businessKey,
      rootProcessInstances: 'true',
    });
    return found ? { instanceId: found.id, state: STATES[found.state]! } : null;
  }

  return {
    start: ({ definitionId, businessKey, variables }) =>
      at(failpoints, 'engine.start', async () => {
        const path = `/process-definition/${encodeURIComponent(definitionId)}/start`;
        const body = { businessKey, variables: toTyped(variables) };
        const { id } = await rest.post<{ id: string }>(path, body).catch(async (error: EngineError) => {
          if (error.code === 'persistence' && (await find(businessKey)))
            throw new EngineError('conflict', 'key-taken', `${businessKey} was started before`);
          throw error;
        });
        return { instanceId: id };
      }),

    find,

    complete: (taskId, variables) =>
      at(failpoints, 'engine.complete', () => rest.post(`/task/${taskId}/complete`, { variables: toTyped(variables) })),

    receive: ({ instanceId, activityId, visit, variables }) =>
      at(failpoints, 'engine.receive', async () => {
        const root = await rest.get<TreeAnswer>(`/process-instance/${instanceId}/activity-instances`);
        const waits = (each: TreeAnswer) => (visit ? each.id === visit : each.activityId === activityId);
        const [execution] = below(root).find(waits)?.executionIds ?? [];
        if (!execution) throw new EngineError('gone', 'not-waiting', `nothing waits in ${activityId}`);
        await rest.post(`/execution/${execution}/signal`, { variables: toTyped(variables) });
      }),

    async tree(instanceId) {
      const [root, tasks] = await Promise.all([
        rest.get<TreeAnswer>(`/process-instance/${instanceId}/activity-instances`),
        // of the live task only an execution id is told, which changes
        rest.get<{ id: string; activityInstanceId: string }[]>('/history/task', {
          processInstanceId: instanceId,
          unfinished: 'true',
        }),
      ]);
      return node(root, new Map(tasks.map((task) => [task.activityInstanceId, task.id])));
    },

    move: (instanceId, instructions) =>
      at(failpoints, 'engine.move', () => {
        if (!instructions.some((each) => each.kind === 'start'))
          throw new EngineError('invalid', 'nothing-started', 'a move that starts nothing deletes the case');
        return rest.post(`/process-instance/${instanceId}/modification`, {
          instructions: instructions.map(instruction),
        });
      }),
  };
}

const below = (answer: TreeAnswer): TreeAnswer[] => [answer, ...answer.childActivityInstances.flatMap(below)];

function node(answer: TreeAnswer, taskOf: Map<string, string>): ActivityNode {
  const task = taskOf.get(answer.id);
  return {
    id: answer.id,
    activityId: answer.activityId,
    activityType: answer.activityType,
    executionIds: answer.executionIds,
    ...(task && { taskIds: [task] }),
    children: answer.childActivityInstances.map((child) => node(child, taskOf)),
    transitions: answer.childTransitionInstances.map(({ id, activityId, executionId }) => ({
      id,
      activityId,
      executionId,
    })),
  };
}

function instruction(move: MoveInstruction): object {
  if (move.kind === 'cancel')
    return { type: 'cancel', [move.transition ? 'transitionInstanceId' : 'activityInstanceId']: move.instanceId };
  const scoped = (typed: Record<string, TypedValue>, local: boolean) =>
    Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, { ...value, local }]));
  return {
    type: 'startBeforeActivity',
    activityId: move.activityId,
    ancestorActivityInstanceId: move.ancestor,
    variables: { ...scoped(toTyped(move.variables ?? {}), false), ...scoped(toTyped(move.local ?? {}), true) },
  };
}
