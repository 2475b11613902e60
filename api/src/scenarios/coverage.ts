/** Which sequence flows and outcomes of a model its scenarios took: what else may happen is not shown to work. */
import { nameInBlock, type CompiledFlow } from '../../../contracts/flow.ts';
import type { Trace } from './trace.ts';

interface Part {
  id: string;
  /** Whether it stands in a block that the model calls. */
  inBlock: boolean;
  /** As a person reads it. */
  title: string;
  covered: boolean;
}

export interface Coverage {
  flows: Part[];
  outcomes: Part[];
}

type Model = Pick<CompiledFlow, 'graph' | 'steps'>;

export function coverageOf({ graph, steps }: Model, traces: Trace[]): Coverage {
  const flows = new Set(traces.flatMap((trace) => trace.flows));
  const outcomes = new Set(traces.flatMap((trace) => trace.outcomes));
  const nameOf = (id: string) => graph.nodes.find((node) => node.id === id)?.name || id;
  return {
    flows: graph.flows.map(({ id, from, to }) => ({
      id,
      inBlock: isInBlock(from),
      title: `${nameOf(from)} → ${nameOf(to)}`,
      covered: flows.has(id),
    })),
    outcomes: Object.values(steps).flatMap((step) =>
      step.outcomes.map((outcome) => {
        const id = `${step.id}=${outcome.id}`;
        return { id, inBlock: isInBlock(step.id), title: `${step.name.zh}：${outcome.zh}`, covered: outcomes.has(id) };
      }),
    ),
  };
}

const isInBlock = (id: string): boolean => nameInBlock(id) !== id;

/** Percent that is covered, rounded down; 100 where there is nothing to cover. */
export function percentOf(parts: Part[]): number {
  return parts.length === 0 ? 100 : Math.floor((100 * parts.filter((part) => part.covered).length) / parts.length);
}

/** Lines for a terminal: how much, and everything that is missing. */
export function coverageText(name: string, { flows, outcomes }: Coverage): string {
  const missing = (parts: Part[], what: string) =>
    parts.filter((part) => !part.covered).map((part) => `    未走到的${what} ${part.id}（${part.title}）`);
  return [
    `  ${name} 连线 flows ${percentOf(flows)}%（${flows.length}），办理结果 outcomes ${percentOf(outcomes)}%（${outcomes.length}）`,
    ...missing(flows, '连线'),
    ...missing(outcomes, '办理结果'),
  ].join('\n');
}
