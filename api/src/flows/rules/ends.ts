import type { PackageRule } from '../check.ts';

/** What a case came to is said by the end that it reached. */
export const ends: PackageRule = {
  code: 'result',
  check({ compiled: { graph, results }, source }) {
    return graph.nodes
      .filter((node) => node.type === 'endEvent' && node.parent === source.id && !results[node.id])
      .map((node) => ({ element: node.id, zh: '结束没有办理结果（result）', en: 'The end has no result' }));
  },
};
