import type { PackageRule } from '../check.ts';

/** A timer stands for the end of a limit; without one it would never fire. */
export const timers: PackageRule = {
  code: 'timer',
  check({ compiled: { steps, flow } }) {
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
  },
};
