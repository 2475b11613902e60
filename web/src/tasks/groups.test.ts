import assert from 'node:assert/strict';
import type { InboxRow } from '../api/index.ts';
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
});
