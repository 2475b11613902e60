import assert from 'node:assert/strict';
import { pastSuspensions } from './suspensions.ts';

const event = (kind: string, at: string) => ({ kind, version: 1, at, zh: kind, en: kind, ground: null, basis: null });

describe('public verification', () => {
  it('tells suspensions that are over, whatever the order of the history [CMA-9.3]', () => {
    const history = [
      event('resumed', '2026-07-30'),
      event('suspended', '2026-07-02'),
      event('issued', '2026-03-12'),
      event('suspended', '2026-10-01'),
    ];
    assert.deepEqual(pastSuspensions(history), [{ from: '2026-07-02', to: '2026-07-30' }]);
    assert.deepEqual(pastSuspensions([event('issued', '2026-03-12')]), []);
  });
});
