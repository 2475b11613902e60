import type { CompiledFlow, Step } from '../../../../contracts/flow.ts';
import type { KnownTopic, PackageRule, Reported } from '../check.ts';
import type { Shared } from '../read.ts';

/** Work that no worker does, or that its worker would refuse. */
export const topics: PackageRule = {
  code: 'topic',
  check({ compiled, shared, topics: known }) {
    const steps = Object.values(compiled.steps).filter((step) => step.type === 'work');
    const topicOf = (step: Step) => known.find((topic) => topic.name === step.topic);
    return [
      ...steps.flatMap((step) => inputs(step, topicOf(step), compiled, shared)),
      ...checksOfStart(compiled.flow.start.check, known),
    ];
  },
};

function inputs(step: Step, topic: KnownTopic | undefined, flow: CompiledFlow, shared: Shared): Reported[] {
  if (!topic) {
    const name = step.topic ?? '';
    return [{ element: step.id, zh: `没有主题 ${name}`, en: `There is no topic ${name}` }];
  }
  const result = topic.input.safeParse(step.input);
  if (result.success)
    return (topic.missing?.(result.data, flow, shared) ?? []).map((text) => ({ element: step.id, ...text }));
  return result.error.issues.map((issue) => {
    const where = issue.path.join('/') || '输入';
    return {
      element: step.id,
      zh: `主题 ${topic.name} 的 ${where} 不对：${issue.message}`,
      en: `Topic ${topic.name}, ${where}: ${issue.message}`,
    };
  });
}

/** A start is refused by the same checks that `validate` runs. */
function checksOfStart(checks: string[], known: KnownTopic[]): Reported[] {
  const validate = known.find((topic) => topic.name === 'validate');
  const result = checks.length > 0 && validate?.input.safeParse({ checks: checks.join(',') });
  if (!result || result.success) return [];
  const { message } = result.error.issues[0]!;
  return [
    { file: 'flow.json', element: 'start/check', zh: message, en: `A check of the start is not there: ${message}` },
  ];
}
