import assert from 'node:assert/strict';
import { addressOf, conditionsOf, filterOf, queryOf } from './filter.ts';

describe('filters in the address', () => {
  it('read back what they wrote, and leave out what is not known [PLT-1.1]', () => {
    const filter = filterOf({
      view: 'mine',
      q: '贵阳',
      due: 'overdue',
      division: '520100',
      from: '2026-11-01',
      sort: 'priority',
    });
    assert.deepEqual(filterOf(queryOf(filter) as Record<string, string>), filter);
    assert.deepEqual(conditionsOf(filter), ['q', 'due', 'division', 'from']);
    assert.deepEqual(conditionsOf(filterOf({ due: 'never', division: '52', from: 'today', sort: 'size' })), []);
  });

  it('are the same text for the same filter [PLT-1.1]', () => {
    const one = addressOf(filterOf({ step: 'accept', q: 'gz' }));
    assert.equal(one, addressOf(filterOf({ q: 'gz', step: 'accept', sort: 'due' })));
    assert.equal(one, 'q=gz&step=accept');
  });
});
