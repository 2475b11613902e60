import { clockOfPart } from '../../../../contracts/flow.ts';
import type { PackageRule, Reported } from '../check.ts';
import { reachable } from '../routes.ts';

/** An extension is asked for in a part on demand that names a clock which can be extended, and answered inside it. */
export const extensions: PackageRule = {
  code: 'extension',
  check({ compiled: { flow, graph, steps } }) {
    const parts = Object.values(steps).flatMap(({ id, onDemand }) => {
      const clock = clockOfPart(onDemand);
      return clock === undefined ? [] : [{ id, clock, inside: reachable(graph, [id]) }];
    });
    const extending = Object.values(steps).filter(({ outcomes }) => outcomes.some((outcome) => outcome.extends));
    const can = new Set(flow.clocks.filter((clock) => clock.extend).map((clock) => clock.id));
    return [
      ...parts
        .filter(({ clock }) => !can.has(clock))
        .map(({ id, clock }): Reported => ({
          element: id,
          zh: `flow.json 没有可延长（extend）的时限 ${clock}`,
          en: `flow.json has no clock ${clock} with extend`,
        })),
      ...parts
        .filter(({ inside }) => !extending.some((step) => inside.has(step.id)))
        .map(({ id }): Reported => ({
          element: id,
          zh: '没有一个办理结果写明 extends，时限延长不了',
          en: 'No outcome says extends: nothing would ever be extended',
        })),
      ...extending
        .filter((step) => !parts.some(({ inside }) => inside.has(step.id)))
        .map(({ id }): Reported => ({
          element: id,
          zh: 'extends 只用于 on-demand: extend:<时限> 的环节',
          en: 'extends is for parts on-demand: extend:<clock>',
        })),
    ];
  },
};
