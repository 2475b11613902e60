import type { PackageRule, Reported, Subject } from '../check.ts';
import { reachable } from '../routes.ts';

/**
 * A part on demand stands beside the main flow: it begins at the flow's own level, shares nothing with the main flow
 * (its token would be a second one there), and what happens to it when the main flow ends is the same at every end.
 */
export const onDemand: PackageRule = {
  code: 'on-demand',
  check(subject) {
    const parts = Object.values(subject.compiled.steps).filter((step) => step.onDemand);
    if (parts.length === 0) return [];
    return [...parts.flatMap((step) => part(subject, step.id)), ...mixedEnds(subject)];
  },
};

function part({ compiled: { graph, steps }, source }: Subject, step: string): Reported[] {
  const found: Reported[] = [];
  if (graph.nodes.find((node) => node.id === step)?.parent !== source.id)
    found.push({
      element: step,
      zh: '按需环节不能放在子流程或模块里',
      en: 'A part on demand does not stand in a sub-process or block',
    });
  if (steps[step]!.exit)
    found.push({ element: step, zh: '不能既是出口又是按需环节', en: 'Both an exit and on demand' });
  const main = mainFlow(graph, source.id);
  const shared = [...reachable(graph, [step])].filter((node) => main.has(node));
  return [
    ...found,
    ...shared.slice(0, 1).map((node) => ({
      element: node,
      zh: `按需环节 ${step} 走进了主流程`,
      en: `The part on demand ${step} leads into the main flow`,
    })),
  ];
}

/** A terminate end takes open parts along, a plain end waits for them: which of both may not depend on the way taken. */
function mixedEnds({ compiled: { graph }, elements, source }: Subject): Reported[] {
  const main = mainFlow(graph, source.id);
  const ends = elements.filter((e) => e.$type === 'bpmn:EndEvent' && e.$parent?.id === source.id && main.has(e.id));
  const terminates = (end: (typeof ends)[number]) =>
    (end.eventDefinitions ?? []).some((d) => d.$type === 'bpmn:TerminateEventDefinition');
  const plain = ends.filter((end) => !terminates(end));
  if (plain.length === 0 || plain.length === ends.length) return [];
  return plain.map((end) => ({
    element: end.id,
    zh: '有按需环节时，主流程的结束要么都是终止结束（不等按需环节），要么都不是（等它办完）',
    en: 'With parts on demand, all ends of the main flow are terminate ends (open parts end too) or none is (the case waits for them)',
  }));
}

const mainFlow = (graph: Parameters<typeof reachable>[0], process: string): Set<string> =>
  reachable(
    graph,
    graph.nodes.filter((node) => node.type === 'startEvent' && node.parent === process).map((node) => node.id),
  );
