/** Receive steps: which of their open visits an answer is for. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';

/**
 * The open visits of a receive step, each with what was sent for it: in a multi-instance sub-process what its own
 * thread sent, or a step before the threads.
 * @param sent whose `sender` is the activity instance of the step that sent it; null: unknown, for any thread
 */
export async function waitingVisits<S extends { sender: string | null }>(
  trx: Knex.Transaction,
  { caseId, release, step }: { caseId: string; release: Release; step: string },
  sent: S[],
): Promise<{ visit: string; sent: S[] }[]> {
  const open: string[] = await trx('step_visit')
    .where({ case_id: caseId, step })
    .whereNull('left_at')
    .pluck('act_inst');
  const container = containerOf(release, step);
  if (!container) return open.map((visit) => ({ visit, sent }));
  const threads = new Map<S, string | undefined>();
  for (const one of sent) threads.set(one, one.sender ? await threadOf(trx, one.sender, container) : undefined);
  const waiting: { visit: string; sent: S[] }[] = [];
  for (const visit of open) {
    const own = await threadOf(trx, visit, container);
    waiting.push({ visit, sent: sent.filter((one) => (threads.get(one) ?? own) === own) });
  }
  return waiting;
}

/** The innermost multi-instance sub-process around a step. */
function containerOf({ package: { graph } }: Release, step: string): string | undefined {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  let node = byId.get(step);
  while (node && !node.thread) node = byId.get(node.parent);
  return node?.id;
}

/** The instance of the container that a visit stands in. */
async function threadOf(trx: Knex.Transaction, visit: string, container: string): Promise<string | undefined> {
  const { rows } = await trx.raw(
    `with recursive up as (
       select act_inst, parent, step from step_visit where act_inst = ?
       union all
       select v.act_inst, v.parent, v.step from step_visit v join up on v.act_inst = up.parent)
     select act_inst from up where step = ?`,
    [visit, container],
  );
  return rows[0]?.act_inst;
}
