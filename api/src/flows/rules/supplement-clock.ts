import type { ClockDecl, CompiledFlow, Trigger } from '../../../../contracts/flow.ts';
import type { PackageRule } from '../check.ts';
import { boundaries, nextAfter, outgoing } from '../routes.ts';

/**
 * While an applicant supplements or rectifies, the authority's time does not run (Licensing Law 45, Measures 11): such a
 * step says of every clock that may be running whether it stops. The clock that ends the step itself needs no word.
 */
export const supplementClock: PackageRule = {
  code: 'clock-runs',
  check({ compiled }) {
    const pinned = Object.values(compiled.steps).filter((step) => step.edits?.open === 'pinned');
    return pinned.flatMap((step) =>
      compiled.flow.clocks
        .filter((clock) => !step.timers.some((timer) => timer.clock === clock.id))
        .filter((clock) => !step.clock.some((use) => use.clock === clock.id))
        .filter((clock) => mayRunAt(compiled, clock, step.id))
        .map((clock) => ({
          element: step.id,
          zh: `申请人补正、整改时「${clock.title.zh}」还在走，应写明 ${clock.id}=stop`,
          en: `The clock ${clock.id} runs while the applicant acts; say ${clock.id}=stop`,
        })),
    );
  },
};

/** Whether a token may stand at the step while the clock runs, by the ways from what starts it to what ends it. */
function mayRunAt(compiled: CompiledFlow, clock: ClockDecl, step: string): boolean {
  const { graph, steps } = compiled;
  const ends = new Set<string>(clock.until);
  const seen = new Set<string>();
  const open = clock.from.flatMap((trigger) => after(compiled, trigger));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node) || ends.has(`entered:${node}`)) continue;
    if (node === step) return true;
    seen.add(node);
    open.push(...boundaries(graph, node).filter((event) => !ends.has(`boundary:${event}`)));
    if (ends.has(`left:${node}`)) continue;
    const outcomes = steps[node]?.outcomes ?? [];
    const kept = outcomes.filter((outcome) => !ends.has(`outcome:${node}=${outcome.id}`));
    if (outcomes.length > 0) open.push(...kept.flatMap((outcome) => nextAfter(compiled, node!, outcome.id)));
    else open.push(...outgoing(graph, node).map((flow) => flow.to));
  }
  return false;
}

/** Where a token may stand when the trigger has just happened. */
function after(compiled: CompiledFlow, trigger: Trigger): string[] {
  const { graph, steps } = compiled;
  const [kind, what = ''] = trigger.split(':');
  const [step = '', outcome = ''] = what.split('=');
  const behind = (node: string) => outgoing(graph, node).map((flow) => flow.to);
  switch (kind) {
    case 'entered':
      return [what];
    case 'left':
    case 'boundary':
      return behind(what);
    case 'outcome':
      return nextAfter(compiled, step, outcome);
    case 'served':
      return Object.values(steps)
        .filter((s) => s.topic === 'serve-document' && (s.input.document ?? '').split(',').includes(what))
        .flatMap((s) => behind(s.id));
    case 'field':
      return graph.nodes.filter((node) => node.type === 'startEvent').flatMap((node) => behind(node.id));
    default:
      return [];
  }
}
