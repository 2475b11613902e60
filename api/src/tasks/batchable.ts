import type { InboxRow } from '../../../contracts/api/index.ts';
import type { Step } from '../../../contracts/flow.ts';

/** What may be done with several tasks of a step at once: outcomes that bring words only, and transfer. */
export function batchableOf(step: Step | undefined): InboxRow['batch'] {
  const outcomes = step?.outcomes.filter(({ needs }) => !needs.includes('form') && !needs.includes('pins')) ?? [];
  return {
    outcomes: outcomes.map(({ id, zh, en, kind }) => ({ id, zh, en, primary: kind === 'primary' })),
    transfer: step !== undefined && step.actions.includes('transfer') && !step.quorum,
  };
}
