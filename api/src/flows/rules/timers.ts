import type { PackageRule, Reported, Subject } from '../check.ts';

/** A timer stands for the end of a limit; without one it would never fire. */
export const timers: PackageRule = {
  code: 'timer',
  check: (subject) => [...atSteps(subject), ...elsewhere(subject)],
};

function atSteps({ compiled: { steps, flow } }: Subject): Reported[] {
  const clocks = new Set(flow.clocks.map((clock) => clock.id));
  return Object.values(steps).flatMap((step) =>
    step.timers
      .filter(({ clock }) => (clock === 'step' ? !step.limit : !clocks.has(clock)))
      .map(({ boundary, clock }) =>
        clock === 'step'
          ? { element: boundary, zh: `环节 ${step.id} 没有期限（limit）`, en: `Step ${step.id} has no limit` }
          : { element: boundary, zh: `flow.json 没有时限 ${clock}`, en: `flow.json has no clock ${clock}` },
      ),
  );
}

/** Clocks set the timers of steps, and no others. */
function elsewhere({ compiled: { steps }, elements }: Subject): Reported[] {
  return elements
    .filter((e) => e.eventDefinitions?.some((d) => d.$type === 'bpmn:TimerEventDefinition'))
    .filter((e) => !steps[e.attachedToRef?.id ?? ''])
    .map((e) => ({ element: e.id, zh: '定时器只能挂在环节上', en: 'A timer stands at the border of a step' }));
}
