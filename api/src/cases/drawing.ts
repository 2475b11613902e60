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
    .leftJoin('person as b', 'b.id', 'd.on_behalf_of')
    .where('v.case_id', caseId)
    .orderBy('v.entered_at')
    .select('v.step', 'v.entered_at', 'v.left_at', 'v.how', 'h.name as holder')
    .select({ by: core.db.raw(`p.name || coalesce(' 代 ' || b.name, '')`) });
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
