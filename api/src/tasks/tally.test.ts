import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome, Quorum } from '../../../contracts/flow.ts';
import { needed, tally } from './tally.ts';

const outcome = (id: string, more: Partial<Outcome> = {}): Outcome => ({ id, zh: id, en: id, needs: [], ...more });
const OUTCOMES = [
  outcome('agree'),
  outcome('refuse', { stops: true }),
  outcome('amend'),
  outcome('talk', { otherwise: true }),
];
const ids = OUTCOMES.map(({ id }) => id);

const share = (part: number): Quorum => ({ rule: 'share', share: part });
const quorums = fc.oneof(
  fc.constant<Quorum>({ rule: 'any' }),
  fc.constant<Quorum>({ rule: 'all' }),
  fc.integer({ min: 1, max: 100 }).map((percent) => share(percent / 100)),
);
const ballots = fc.array(fc.constantFrom(...ids), { minLength: 1, maxLength: 12 });

/** What all answers together say, by the words of the rule. */
function verdict(quorum: Quorum, given: string[]): string {
  const first = given.find((id) => quorum.rule === 'all' && id === 'refuse');
  if (first) return first;
  const enough = needed(quorum, given.length);
  for (let n = 1; n <= given.length; n++) {
    const found = ids.find((id) => given.slice(0, n).filter((one) => one === id).length >= enough);
    if (found) return found;
  }
  return 'talk';
}

describe('answers of a step', () => {
  it('nothing is decided without an answer, everything with all of them [PLT-5.2]', () => {
    fc.assert(
      fc.property(quorums, ballots, (quorum, given) => {
        assert.deepEqual(tally(quorum, OUTCOMES, given.length, []), { ended: false });
        assert.deepEqual(tally(quorum, OUTCOMES, given.length, given), {
          ended: true,
          outcome: verdict(quorum, given),
        });
      }),
    );
  });

  it('an early end is never other than the end with all answers [PLT-5.2]', () => {
    fc.assert(
      fc.property(quorums, ballots, (quorum, given) => {
        for (let n = 1; n < given.length; n++) {
          const early = tally(quorum, OUTCOMES, given.length, given.slice(0, n));
          if (early.ended) return assert.equal(early.outcome, verdict(quorum, given));
        }
      }),
    );
  });

  it('rounds a share up, and not for the sake of binary fractions [PLT-5.2]', () => {
    assert.deepEqual(
      [needed(share(0.6), 5), needed(share(0.7), 10), needed(share(2 / 3), 3), needed(share(0.5), 3)],
      [3, 7, 2, 2],
    );
    const given = (...answers: string[]) => tally(share(0.6), OUTCOMES, 5, answers);
    assert.deepEqual(given('agree', 'agree', 'amend'), { ended: false });
    assert.deepEqual(given('agree', 'agree', 'amend', 'agree'), { ended: true, outcome: 'agree' });
    assert.deepEqual(given('agree', 'refuse', 'amend'), { ended: false });
    assert.deepEqual(given('agree', 'refuse', 'amend', 'talk'), { ended: true, outcome: 'talk' });
  });

  it('all: one answer that stops ends it, an agreement needs everybody [PLT-5.2]', () => {
    const given = (...answers: string[]) => tally({ rule: 'all' }, OUTCOMES, 3, answers);
    assert.deepEqual(given('agree', 'amend'), { ended: false });
    assert.deepEqual(given('agree', 'amend', 'agree'), { ended: true, outcome: 'talk' });
    assert.deepEqual(given('agree', 'amend', 'refuse'), { ended: true, outcome: 'refuse' });
    assert.deepEqual(given('agree', 'agree', 'agree'), { ended: true, outcome: 'agree' });
  });
});
