import assert from 'node:assert/strict';
import { countEffects, marksOf, type Effect } from './effects.ts';

const effect = (kind: Effect['kind'], step: string | null): Effect => ({
  kind,
  step,
  what: { zh: '环节', en: 'step' },
  who: null,
  note: null,
});

describe('effects of a move', () => {
  const effects = [
    effect('cancel', 'review'),
    effect('keep', 'check'),
    effect('start', 'accept'),
    effect('keep', null),
  ];

  it('stand on the drawn flow; documents stand in the list only [PLT-1.3]', () => {
    assert.deepEqual(marksOf(effects), { review: 'cut', check: 'keep', accept: 'to' });
    assert.deepEqual(marksOf([effect('cancel', 'rule'), effect('start', 'rule')]), { rule: 'to' });
  });

  it('are counted by what happens [PLT-1.3]', () => {
    assert.deepEqual(countEffects(effects), { cancel: 1, keep: 2, start: 1 });
  });
});
