import type { PackageRule, Reported } from '../check.ts';
import type { CompiledFlow, Step } from '../../../../contracts/flow.ts';
import { isExpression, parseExpression } from '../expression.ts';
import { parametersOf, type Item } from '../moddle.ts';
import { nextAfter, reachable } from '../routes.ts';

/** Every answer leads somewhere, and no condition waits for an answer that a step does not have. */
export const outcomes: PackageRule = {
  code: 'outcome',
  check({ compiled, elements }) {
    const steps = Object.values(compiled.steps).filter((step) => step.type === 'user');
    const given = new Set(elements.flatMap(parametersOf).map((parameter) => parameter.name ?? ''));
    return [
      ...steps.flatMap((step) => ways(compiled, step)),
      ...conditions(compiled, given),
      ...handedOut(compiled, elements),
    ];
  },
};

function ways(compiled: CompiledFlow, step: Step): Reported[] {
  if (step.outcomes.length === 0)
    return [{ element: step.id, zh: '环节没有办理结果（outcomes）', en: 'The step has no outcomes' }];
  const ids = step.outcomes.map((outcome) => outcome.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  const ends = new Set(compiled.graph.nodes.filter((n) => n.type === 'endEvent').map((n) => n.id));
  const dead = ids.filter((id) => {
    const found = reachable(compiled.graph, nextAfter(compiled, step.id, id));
    return ![...found].some((node) => ends.has(node));
  });
  return [
    ...twice.map((id) => ({ element: step.id, zh: `办理结果 ${id} 写了两次`, en: `Outcome ${id} is declared twice` })),
    ...dead.map((id) => ({
      element: step.id,
      zh: `办理结果 ${id} 之后走不到结束`,
      en: `From outcome ${id} no end can be reached`,
    })),
  ];
}

/** `given` are variables that blocks hand out, whatever their names. */
function conditions({ graph, steps }: CompiledFlow, given: Set<string>): Reported[] {
  return graph.flows
    .filter((flow) => flow.condition)
    .flatMap((flow) =>
      parseExpression(`\${${flow.condition}}`).comparisons.flatMap(({ variable, literal }) => {
        const id = variable.endsWith('_outcome') ? variable.slice(0, -'_outcome'.length) : undefined;
        if (id === undefined || (given.has(variable) && !steps[id])) return [];
        const step = steps[id];
        if (!step) return [{ element: flow.id, zh: `条件读的环节 ${id} 不存在`, en: `There is no step ${id}` }];
        if (step.type !== 'user' || step.outcomes.some((outcome) => outcome.id === literal)) return [];
        return [
          {
            element: flow.id,
            zh: `环节 ${id} 没有办理结果 ${String(literal)}`,
            en: `Step ${id} has no outcome ${String(literal)}`,
          },
        ];
      }),
    );
}

/** What a block hands out is an outcome of one of its steps, or a variable that is set. */
function handedOut({ steps }: CompiledFlow, elements: Item[]): Reported[] {
  return elements.flatMap((element) =>
    parametersOf(element)
      .filter((parameter) => parameter.$type === 'camunda:OutputParameter' && isExpression(parameter.value ?? ''))
      .flatMap((parameter) => parseExpression(parameter.value!).comparisons)
      .map(({ variable }) => /^(.+)_outcome$/.exec(variable)?.[1])
      .filter((step) => step !== undefined && !steps[step])
      .map((step) => ({
        element: element.id,
        zh: `camunda:out 读的环节 ${step} 不存在`,
        en: `camunda:out reads the outcome of ${step}, which is not there`,
      })),
  );
}
