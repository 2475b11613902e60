import assert from 'node:assert/strict';
import { arrivedIn } from './arrivals.ts';

describe('what comes while the inbox is open', () => {
  const list = (ids: string, complete = true, name = 'open') => ({ ids: ids.split(' '), list: name, complete });

  it('is told from what was there, from another list and from rows that only move up [PLT-1.1]', () => {
    assert.deepEqual(arrivedIn(list('a b'), list('a x b y')), ['x', 'y']);
    assert.deepEqual(arrivedIn(list('a b c', false), list('a x c d', false)), ['x']);
    assert.deepEqual(arrivedIn(list('a'), list('a b', true, 'mine')), []);
  });
});
