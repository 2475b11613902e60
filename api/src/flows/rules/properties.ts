import { StepProperties } from '../../../../contracts/flow.ts';
import { propertiesOf, type Item } from '../moddle.ts';
import { listOf } from '../steps.ts';
import type { PackageRule, Reported, Subject } from '../check.ts';

/** What a task may offer besides its outcomes. */
const ACTIONS = new Set('return transfer delegate add-sign copy urge terminate withdraw take-back'.split(' '));
const KNOWN = new Set([...Object.keys(StepProperties.shape), 'returnTo']);

/** Nobody reads a property with a slip of the pen in its name; a name in a property is one of the model. */
export const properties: PackageRule = {
  code: 'property',
  check: (subject) =>
    subject.elements
      .filter((element) => subject.compiled.steps[element.id])
      .flatMap((element) => [...unknownNames(element, subject), ...unknownValues(element, subject)]),
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

function unknownValues(element: Item, { compiled }: Subject): Reported[] {
  const { steps, flow } = compiled;
  const { actions, returnTo, 'on-demand': part } = propertiesOf(element);
  const found: Reported[] = [];
  const report = (zh: string, en: string) => found.push({ element: element.id, zh, en });
  for (const action of listOf(actions))
    if (!ACTIONS.has(action))
      report(`没有操作 ${action}，可用：${[...ACTIONS].join('、')}`, `There is no action ${action}`);
  for (const target of listOf(returnTo))
    if (steps[target]?.type !== 'user')
      report(`不能退回到 ${target}：没有这个办理环节`, `There is no task ${target} to return to`);
  const extended = /^extend:(.+)$/.exec(part ?? '')?.[1];
  const clock = flow.clocks.find(({ id }) => id === extended);
  if (extended && !clock?.extend)
    report(
      `时限 ${extended} 不能延长（flow.json 的 extend）`,
      `The clock ${extended} cannot be extended (extend in flow.json)`,
    );
  if (!extended && steps[element.id]!.outcomes.some((outcome) => outcome.extends))
    report('extends 只用于 on-demand 为 extend:时限 的环节', 'extends is for a part on-demand extend:<clock>');
  return found;
}
