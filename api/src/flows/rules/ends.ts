import type { PackageRule } from '../check.ts';
import { reachable } from '../routes.ts';

/** What a case came to is said by the end that it reached: one result has one title. A part on demand ends only itself. */
export const ends: PackageRule = {
  code: 'result',
  check({ compiled: { graph, results, steps }, source }) {
    const parts = Object.values(steps).filter((step) => step.onDemand);
    const beside = reachable(
      graph,
      parts.map((step) => step.id),
    );
    const titles = new Map<string, string>();
    const nodes = graph.nodes.filter(
      (node) => node.type === 'endEvent' && node.parent === source.id && !beside.has(node.id),
    );
    return nodes.flatMap(({ id }) => {
      const end = results[id];
      if (!end) return [{ element: id, zh: '结束没有办理结果（result）', en: 'The end has no result' }];
      const title = titles.get(end.result) ?? end.zh;
      titles.set(end.result, title);
      if (title === end.zh) return [];
      return [
        { element: id, zh: `结果 ${end.result} 已有名称「${title}」`, en: `Result ${end.result} has another title` },
      ];
    });
  },
};
