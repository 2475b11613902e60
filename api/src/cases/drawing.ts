/** The drawn flow with the live path: what was walked, what lives, who holds it. */
import type { z } from 'zod';
import type { FlowDrawing } from '../../../contracts/api/index.ts';
import type { Graph, Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';

interface Visit {
  step: string;
  entered_at: Date;
  left_at: Date | null;
  how: string | null;
  by: string | null;
  holder: string | null;
}

export async function drawing(core: Core, caseId: string, release: Release): Promise<z.infer<typeof FlowDrawing>> {
  const visits: Visit[] = await core
    .db('step_visit as v')
    .leftJoin('task as t', (on) =>
      on.on('t.case_id', 'v.case_id').andOn('t.step', 'v.step').andOn('t.visit', 'v.visit'),
    )
    .leftJoin('person as h', 'h.id', 't.holder')
    .leftJoin('decision as d', (on) => on.on('d.task_id', 't.id').andOnVal('d.state', 'done'))
    .leftJoin('person as p', 'p.id', 'd.person_id')
    .where('v.case_id', caseId)
    .orderBy('v.entered_at')
    .select('v.step', 'v.entered_at', 'v.left_at', 'v.how', 'p.name as by', 'h.name as holder');
  const { graph, xml } = release.package;
  return {
    xml,
    steps: graph.nodes.map((node) => {
      const own = visits.filter((v) => v.step === node.id);
      const last = own.at(-1);
      const state = !last
        ? 'ahead'
        : last.left_at === null
          ? 'live'
          : own.some((v) => v.how !== 'cancelled')
            ? 'done'
            : 'cancelled';
      return {
        id: node.id,
        name: node.name,
        type: node.type,
        state,
        visits: own.map((v) => ({
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

/**
 * The engine keeps no record of flows taken: a flow counts as taken when its target was entered at the moment its
 * source was left, which is one engine transaction. A source of several flows that entered two targets takes both.
 */
export function takenFlows(graph: Graph, visits: Pick<Visit, 'step' | 'entered_at' | 'left_at' | 'how'>[]): string[] {
  return graph.flows
    .filter((flow) =>
      visits.some(
        (from) =>
          from.step === flow.from &&
          from.left_at !== null &&
          from.how !== 'cancelled' &&
          visits.some(
            (to) =>
              to.step === flow.to && to.entered_at.getTime() >= from.left_at!.getTime() && isNext(visits, from, to),
          ),
      ),
    )
    .map((flow) => flow.id);
}

/** No other visit of the source lies between the two. */
function isNext(
  visits: Pick<Visit, 'step' | 'entered_at'>[],
  from: Pick<Visit, 'step' | 'entered_at' | 'left_at'>,
  to: Pick<Visit, 'entered_at'>,
): boolean {
  return (
    Math.abs(to.entered_at.getTime() - from.left_at!.getTime()) < 1000 &&
    !visits.some((v) => v.step === from.step && v.entered_at > from.entered_at && v.entered_at < to.entered_at)
  );
}
