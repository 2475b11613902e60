/** The drawn flow with the live path: what was walked, what lives, who holds it. */
import type { z } from 'zod';
import type { FlowDrawing } from '../../../contracts/api/index.ts';
import type { Graph, Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';

interface Visit {
  step: string;
  /** Activity instance around it: of a thread's own where it lies in one. */
  parent: string;
  entered_at: Date;
  left_at: Date | null;
  how: string | null;
  by: string | null;
  holder: string | null;
}

export async function drawing(core: Core, caseId: string, release: Release): Promise<z.infer<typeof FlowDrawing>> {
  const visits: Visit[] = await core
    .db('step_visit as v')
    .leftJoin('task as t', 't.id', 'v.task_id')
    .leftJoin('person as h', 'h.id', 't.holder')
    .leftJoin('decision as d', (on) => on.on('d.task_id', 't.id').andOnVal('d.state', 'done'))
    .leftJoin('person as p', 'p.id', 'd.person_id')
    .leftJoin('person as b', 'b.id', 'd.on_behalf_of')
    .where('v.case_id', caseId)
    .orderBy('v.entered_at')
    .select('v.step', 'v.parent', 'v.entered_at', 'v.left_at', 'v.how', 'h.name as holder')
    .select({ by: core.db.raw(`p.name || coalesce(' 代 ' || b.name, '')`) });
  const { graph, xml } = release.package;
  return {
    xml,
    steps: graph.nodes.map((node) => {
      const own = visits.filter((v) => v.step === node.id);
      const last = own.at(-1);
      const state = !last
        ? 'ahead'
        : own.some((v) => v.left_at === null)
          ? 'live'
          : own.some((v) => v.how !== 'cancelled')
            ? 'done'
            : 'cancelled';
      return {
        id: node.id,
        name: node.name,
        type: node.type,
        state,
        visits: placed(own, isThreaded(graph, node.id)).map((v) => ({
          visit: v.visit,
          thread: v.thread,
          enteredAt: v.entered_at.toISOString(),
          leftAt: v.left_at?.toISOString() ?? null,
          how: v.how,
          by: v.by,
          holder: v.holder,
        })),
      };
    }),
    taken: takenFlows(graph, visits),
  };
}

function isThreaded({ nodes }: Graph, id: string): boolean {
  const parent = nodes.find((node) => node.id === nodes.find((one) => one.id === id)?.parent);
  return parent !== undefined && (parent.thread !== undefined || isThreaded({ nodes, flows: [] }, parent.id));
}

/** Visits of one step with the thread in which each is, and how often the step had been entered there by then. */
export function placed<V extends Pick<Visit, 'parent'>>(
  visits: V[],
  threaded: boolean,
): (V & { visit: number; thread: number | null })[] {
  const threads = [...new Set(visits.map(({ parent }) => parent))];
  return visits.map((visit, i) => ({
    ...visit,
    visit: visits.slice(0, i + 1).filter(({ parent }) => !threaded || parent === visit.parent).length,
    thread: threaded ? threads.indexOf(visit.parent) + 1 : null,
  }));
}

/**
 * The engine keeps no record of flows taken. All visits of one engine transaction bear its moment, so a flow was taken
 * when its target was entered at the moment at which its source was left.
 */
export function takenFlows(
  graph: Pick<Graph, 'flows'>,
  visits: Pick<Visit, 'step' | 'entered_at' | 'left_at' | 'how'>[],
): string[] {
  const left = new Set(
    visits.filter((v) => v.left_at && v.how !== 'cancelled').map((v) => `${v.step} ${v.left_at!.getTime()}`),
  );
  const entered = visits.map((v) => ({ step: v.step, at: v.entered_at.getTime() }));
  return graph.flows
    .filter((flow) => entered.some(({ step, at }) => step === flow.to && left.has(`${flow.from} ${at}`)))
    .map((flow) => flow.id);
}
