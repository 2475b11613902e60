import type { PackageRule } from '../check.ts';
import { outgoing } from '../routes.ts';

const DECIDING = new Set(['exclusiveGateway', 'inclusiveGateway']);

/** A gateway without a default refuses the decision of the person before it when no condition holds. */
export const gateways: PackageRule = {
  code: 'gateway-default',
  check({ compiled: { graph } }) {
    return graph.nodes
      .filter((node) => DECIDING.has(node.type))
      .map((node) => ({ node, flows: outgoing(graph, node.id) }))
      .filter(({ flows }) => flows.length > 1)
      .flatMap(({ node, flows }) => {
        const bare = flows.filter((flow) => !flow.condition && !flow.default);
        const missing = flows.some((flow) => flow.default)
          ? []
          : [{ element: node.id, zh: '网关没有默认分支', en: 'The gateway has no default flow' }];
        return [
          ...missing,
          ...bare.map((flow) => ({
            element: flow.id,
            zh: '分支没有条件，也不是默认分支',
            en: 'The flow has no condition and is not the default',
          })),
        ];
      });
  },
};
