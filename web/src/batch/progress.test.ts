import assert from 'node:assert/strict';
import type { BatchRow } from '../api/index.ts';
import { progressOf, secondsLeft } from './progress.ts';

describe('progress of a batch', () => {
  it('counts what is in hand, done and not done [PLT-1.6]', () => {
    const counts = { held: 3, queued: 1, done: 4, refused: 2, blocked: 1 } as BatchRow['counts'];
    assert.deepEqual(progressOf({ counts }), { all: 11, waiting: 4, done: 4, not: 3 });
  });

  it('counts seconds down from what the server said [PLT-1.6]', () => {
    assert.deepEqual(
      [0, 900, 30_500].map((ms) => secondsLeft({ secondsLeft: 29.6 }, 1_000, 1_000 + ms)),
      [30, 29, 0],
    );
    assert.equal(secondsLeft({ secondsLeft: null }, 0, 0), null);
  });
});
