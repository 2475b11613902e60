import assert from 'node:assert/strict';
import type { InboxRow } from '../api/index.ts';
import { filterOf, queryOf } from './filter.ts';
import { grouped, groupOf } from './groups.ts';

describe('inbox', () => {
  it('groups by the deadline: overdue, today, within three working days, later, none [PLT-1.1]', () => {
    assert.deepEqual([-2, 0, 1, 3, 4, null].map(groupOf), ['overdue', 'today', 'soon', 'soon', 'later', 'none']);
    const rows = [-1, -1, 0, 2, 9, null].map((left) => ({ left }) as InboxRow);
    assert.deepEqual(
      grouped(rows).map((group) => [group.due, group.rows.length]),
      [
        ['overdue', 2],
        ['today', 1],
        ['soon', 1],
        ['later', 1],
        ['none', 1],
      ],
    );
  });

  it('keeps its filters in the address [PLT-1.1]', () => {
    const filter = filterOf({ q: '岭砚', due: 'soon', view: 'mine', step: '' });
    assert.deepEqual(filter, { view: 'mine', q: '岭砚', flow: undefined, step: undefined, due: 'soon' });
    assert.deepEqual(filterOf({ due: 'nonsense' }).due, undefined);
    assert.deepEqual(queryOf({ view: 'open', q: 'x' }), { view: undefined, q: 'x' });
  });
});
