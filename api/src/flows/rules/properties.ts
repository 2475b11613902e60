import { StepProperties } from '../../../../contracts/flow.ts';
import { propertiesOf, type Item } from '../moddle.ts';
import { listOf } from '../steps.ts';
import type { PackageRule, Reported, Subject } from '../check.ts';

/** What a task may offer besides its outcomes. */
const ACTIONS = new Set('return transfer delegate add-sign copy urge terminate withdraw take-back'.split(' '));
const KNOWN = new Set(Object.keys(StepProperties.shape));

/** Nobody reads a property with a slip of the pen in its name. */
export const properties: PackageRule = {
  code: 'property',
  check: (subject) =>
    subject.elements
      .filter((element) => subject.compiled.steps[element.id])
      .flatMap((element) => [...unknownNames(element, subject), ...unknownActions(element)]),
};

/** Work has inputs of its topic beside them, which the topic checks. */
function unknownNames(element: Item, { compiled }: Subject): Reported[] {
  if (compiled.steps[element.id]!.type === 'work') return [];
  return Object.keys(propertiesOf(element))
    .filter((name) => !KNOWN.has(name))
    .map((name) => ({
      element: element.id,
      zh: `环节没有属性 ${name}，可用：${[...KNOWN].join('、')}`,
      en: `A step has no property ${name}`,
    }));
}

function unknownActions(element: Item): Reported[] {
  return listOf(propertiesOf(element).actions)
    .filter((action) => !ACTIONS.has(action))
    .map((action) => ({
      element: element.id,
      zh: `没有操作 ${action}，可用：${[...ACTIONS].join('、')}`,
      en: `There is no action ${action}`,
    }));
}
