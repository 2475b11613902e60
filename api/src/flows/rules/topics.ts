import type { Step } from '../../../../contracts/flow.ts';
import type { KnownTopic, PackageRule, Reported } from '../check.ts';

/** Work that no worker does, or that its worker would refuse. */
export const topics: PackageRule = {
  code: 'topic',
  check({ compiled, topics: known }) {
    const steps = Object.values(compiled.steps).filter((step) => step.type === 'work');
    return steps.flatMap((step) =>
      inputs(
        step,
        known.find((topic) => topic.name === step.topic),
      ),
    );
  },
};

function inputs(step: Step, topic: KnownTopic | undefined): Reported[] {
  if (!topic) {
    const name = step.topic ?? '';
    return [{ element: step.id, zh: `没有主题 ${name}`, en: `There is no topic ${name}` }];
  }
  const result = topic.input.safeParse(step.input);
  return (result.error?.issues ?? []).map((issue) => {
    const where = issue.path.join('/') || '输入';
    return {
      element: step.id,
      zh: `主题 ${topic.name} 的 ${where} 不对：${issue.message}`,
      en: `Topic ${topic.name}, ${where}: ${issue.message}`,
    };
  });
}
