import type { PackageRule } from '../check.ts';

/** A step that may send the case back says where to, and those are steps where somebody answers. */
export const returns: PackageRule = {
  code: 'return',
  check({ compiled: { steps } }) {
    return Object.values(steps).flatMap(({ id, actions, returnTo = [] }) => [
      ...(actions.includes('return') !== returnTo.length > 0
        ? [
            {
              element: id,
              zh: 'actions 里的 return 和 returnTo 要一起写',
              en: 'The action return and returnTo go together',
            },
          ]
        : []),
      ...returnTo
        .filter((to) => steps[to]?.type !== 'user' || to === id)
        .map((to) => ({ element: id, zh: `不能退回「${to}」`, en: `There is no step ${to} to return to` })),
    ]);
  },
};
