/** Whose answers finish a step (RULES, Answers). Pure. */
import type { Outcome, Quorum } from '../../../contracts/flow.ts';

export type Tally = { ended: false } | { ended: true; outcome: string };

/** So that 0.7 of 10 are 7, not 8. */
const ROUNDING = 1e-9;

/** How many answerers have to give one outcome. */
export function needed({ rule, share = 1 }: Quorum, answerers: number): number {
  return rule === 'any' ? 1 : rule === 'all' ? answerers : Math.ceil(share * answerers - ROUNDING);
}

/**
 * @param answerers how many have to answer, at least one
 * @param given outcomes in the order in which they were given
 * @throws RangeError where they can no longer agree and no outcome is marked `otherwise`
 */
export function tally(quorum: Quorum, outcomes: Outcome[], answerers: number, given: string[]): Tally {
  const stops = new Set(quorum.rule === 'all' ? outcomes.filter((one) => one.stops).map((one) => one.id) : []);
  const stopped = given.find((outcome) => stops.has(outcome));
  if (stopped !== undefined) return { ended: true, outcome: stopped };

  const enough = needed(quorum, answerers);
  const counts = new Map<string, number>();
  for (const outcome of given) {
    const count = (counts.get(outcome) ?? 0) + 1;
    if (count >= enough) return { ended: true, outcome };
    counts.set(outcome, count);
  }
  const left = answerers - given.length;
  const mayAgree = left > 0 && Math.max(0, ...counts.values()) + left >= enough;
  const mayStop = left > 0 && stops.size > 0;
  if (mayAgree || mayStop) return { ended: false };
  const otherwise = outcomes.find((one) => one.otherwise);
  if (!otherwise) throw new RangeError('no outcome is marked otherwise');
  return { ended: true, outcome: otherwise.id };
}

/** The rule as people read it. */
export function quorumText(quorum: Quorum, answerers: number): { zh: string; en: string } {
  switch (quorum.rule) {
    case 'any':
      return { zh: '任一方提出意见即可', en: 'The first answer decides' };
    case 'all':
      return { zh: `共 ${answerers} 方，须意见一致`, en: `All ${answerers} have to agree` };
    case 'share': {
      const enough = needed(quorum, answerers);
      return {
        zh: `共 ${answerers} 方，${enough} 方意见一致即可`,
        en: `${enough} of ${answerers} have to agree`,
      };
    }
  }
}
