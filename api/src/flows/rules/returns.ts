import type { Graph } from '../../../../contracts/flow.ts';
import type { PackageRule } from '../check.ts';
import { boundaries, reachable } from '../routes.ts';

/** A step that may send the case back says where to, and those are steps before it where somebody answers. */
export const returns: PackageRule = {
  code: 'return',
  check({ compiled: { graph, steps } }) {
    return Object.values(steps).flatMap(({ id, actions, returnTo = [] }) => [
      ...(actions.includes('return') !== returnTo.length > 0
        ? [
            {
              element: id,
              zh: 'actions 里的 return 和 returnTo 要一起写',
              en: 'The action return and returnTo go together',
            },
          ]
        : []),
      ...returnTo
        .filter((to) => steps[to]?.type !== 'user' || to === id)
        .map((to) => ({ element: id, zh: `不能退回「${to}」`, en: `There is no step ${to} to return to` })),
      ...returnTo
        .filter((to) => steps[to]?.type === 'user' && to !== id && !behind(graph, to).has(id))
        .map((to) => ({
          element: id,
          zh: `「${to}」不在这一步之前，从那里走不到这一步，不能退回`,
          en: `Step ${to} does not lie before this one: no way leads from there to here`,
        })),
    ]);
  },
};

/** What may follow a step; whatever it stands in may also end by a timer or an error. */
function behind(graph: Graph, step: string): Set<string> {
  const around = (id: string): string[] => {
    const parent = graph.nodes.find((node) => node.id === id)?.parent;
    return parent === undefined ? [] : [parent, ...around(parent)];
  };
  return reachable(graph, [step, ...around(step).flatMap((scope) => boundaries(graph, scope))]);
}
