import { parametersOf, type Item } from '../moddle.ts';
import type { PackageRule, Reported, Subject } from '../check.ts';

/** Threads over a list: what the list is, where it comes from, and what only a thread knows. */
export const threads: PackageRule = {
  code: 'thread',
  check: (subject) => [...loops(subject), ...offices(subject)],
};

function loops({ elements, compiled }: Subject): Reported[] {
  const set = settings(compiled, elements);
  return elements
    .filter((element) => element.loopCharacteristics)
    .flatMap((element) => {
      const found: Reported[] = [];
      const report = (zh: string, en: string) => found.push({ element: element.id, zh, en });
      const loop = element.loopCharacteristics!;
      const list = /list\((\w+)\)/.exec(loop.collection ?? '')?.[1];
      if (element.$type !== 'bpmn:SubProcess')
        report(
          '只有子流程可以多实例；几个人办同一环节用 quorum',
          'Only a sub-process is repeated; see quorum for people',
        );
      if (!list) report('多实例要写明列表 ${list(变量)}', 'It does not say over which list it is repeated');
      else if (!set.has(list)) report(`没有环节填写列表 ${list}（sets）`, `No step sets the list ${list}`);
      if (!loop.get('camunda:elementVariable'))
        report('多实例要写明 elementVariable', 'It does not say what an element is called (elementVariable)');
      if (parametersOf(element).some((parameter) => parameter.$type === 'camunda:OutputParameter'))
        report('多实例的模块不能用 camunda:out', 'A repeated block hands out nothing (camunda:out)');
      return found;
    });
}

/** `@thread` outside of threads, and `@name` that no step sets. */
function offices({ elements, compiled }: Subject): Reported[] {
  const set = settings(compiled, elements);
  return elements.flatMap((element) =>
    (compiled.steps[element.id]?.groups ?? []).flatMap((group) => {
      const office = group.split('@')[1];
      if (office === undefined || ['case', 'city', 'province'].includes(office)) return [];
      if (office === 'thread')
        return inThread(element)
          ? []
          : [
              {
                element: element.id,
                zh: '@thread 只能用在多实例子流程里',
                en: '@thread stands in a repeated sub-process only',
              },
            ];
      return set.has(office)
        ? []
        : [{ element: element.id, zh: `没有环节确定机关 ${office}（sets）`, en: `No step sets the office ${office}` }];
    }),
  );
}

/** Variables that steps set, parameters hand over, or work writes. */
function settings({ steps }: Subject['compiled'], elements: Item[]): Set<string> {
  return new Set([
    ...Object.values(steps).flatMap((step) => (step.sets ?? []).map(({ variable }) => variable)),
    ...elements.flatMap((element) => parametersOf(element).map((parameter) => parameter.name ?? '')),
    ...Object.values(steps).flatMap((step) => [step.input.output ?? '', ...(step.topic === 'draw' ? ['drawn'] : [])]),
  ]);
}

function inThread(element: Item): boolean {
  for (let around: Item | undefined = element.$parent; around; around = around.$parent)
    if (around.loopCharacteristics) return true;
  return false;
}
