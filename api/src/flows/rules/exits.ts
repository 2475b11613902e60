import type { Step } from '../../../../contracts/flow.ts';
import type { PackageRule, Reported, Subject } from '../check.ts';
import { incoming, outgoing } from '../routes.ts';

const NEED_NO_WAY_IN = new Set(['startEvent', 'boundaryEvent', 'textAnnotation']);

/**
 * An exit begins where nothing leads to, with an element that waits: an end or a gateway would end the case as deleted
 * (ENGINE.md 17).
 */
export const exits: PackageRule = {
  code: 'exit',
  check: (subject) => [...parts(subject), ...declared(subject)],
};

function parts({ compiled: { graph, steps } }: Subject): Reported[] {
  return graph.nodes
    .filter((node) => !NEED_NO_WAY_IN.has(node.type))
    .flatMap((node) => {
      const step: Step | undefined = steps[node.id];
      const entered = incoming(graph, node.id).length > 0;
      const marked = step?.exit ?? step?.onDemand;
      if (entered && marked) return [{ element: node.id, zh: '出口不能有流入', en: 'An exit has no incoming flow' }];
      if (entered) return [];
      if (!step || step.type === 'receive')
        return [
          {
            element: node.id,
            zh: '没有流入的部分应以用户任务或外部任务开始',
            en: 'What nothing leads to must begin with a user task or an external task',
          },
        ];
      if (!marked)
        return [
          {
            element: node.id,
            zh: '没有流入，也没有标明 exit 或 on-demand',
            en: 'Nothing leads here, and it is not marked exit or on-demand',
          },
        ];
      return outgoing(graph, node.id).length > 0
        ? []
        : [{ element: node.id, zh: '出口之后要有结束', en: 'An exit leads to an end' }];
    });
}

function declared({ compiled: { flow, steps } }: Subject): Reported[] {
  return [flow.withdraw, flow.terminate]
    .filter((way) => way !== undefined)
    .filter((way) => !steps[way.exit]?.exit)
    .map((way) => ({
      file: 'flow.json',
      element: way.exit,
      zh: `环节 ${way.exit} 不是出口`,
      en: `Step ${way.exit} is no exit`,
    }));
}
