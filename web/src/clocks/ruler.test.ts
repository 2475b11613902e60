import assert from 'node:assert/strict';
import { colourOf, headOf, leftOf, segmentsOf, type RulerClock } from './ruler.ts';

const clock = (over: Partial<RulerClock>): RulerClock => ({
  id: 'decision',
  title: '许可决定',
  state: 'running',
  used: 0,
  total: 20,
  dueOn: null,
  unknown: null,
  ruler: '',
  ...over,
});

describe('时限尺', () => {
  it('draws used, not counted and free days, a long stop within a third [PLT-5.4]', () => {
    const stopped = clock({ state: 'stopped', used: 7, ruler: 'u'.repeat(7) + 's'.repeat(31) + 'f'.repeat(13) });
    assert.deepEqual(segmentsOf(stopped), [
      { kind: 'u', days: 7, weight: 7 },
      { kind: 's', days: 31, weight: 7 },
      { kind: 'f', days: 13, weight: 13 },
    ]);
    assert.equal(colourOf(stopped), 'hold');
    assert.equal(leftOf(stopped), null);
  });

  it('does not get longer when the limit is over', () => {
    const over = clock({ used: 12, total: 10, ruler: 'u'.repeat(10) + 'oo' });
    assert.deepEqual(segmentsOf(over), [{ kind: 'o', days: 10, weight: 10 }]);
    assert.equal(colourOf(over), 'over');
    assert.equal(leftOf(over), -2);
  });

  it('colours by the days left: today, within three, in order', () => {
    assert.equal(colourOf(clock({ used: 20 })), 'soon');
    assert.equal(colourOf(clock({ used: 17 })), 'watch');
    assert.equal(colourOf(clock({ used: 16 })), 'run');
    assert.equal(colourOf(clock({ used: 16, state: 'ended' })), 'void');
  });

  it('shows beside the first clock those that end next, however many there are [PLT-1.8]', () => {
    const clocks = [
      clock({ id: 'decision', state: 'stopped' }),
      clock({ id: 'acceptance', state: 'ended' }),
      clock({ id: 'review', used: 14, total: 30 }),
      clock({ id: 'rectification', used: 13, total: 30 }),
      clock({ id: 'step:verify', used: 6, total: 5 }),
    ];
    const ids = headOf(clocks).map(({ id }) => id);
    assert.deepEqual(ids, ['decision', 'review', 'step:verify']);
    assert.deepEqual(headOf([]), []);
  });
});
