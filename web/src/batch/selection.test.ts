import assert from 'node:assert/strict';
import { shallowRef } from 'vue';
import type { InboxRow } from '../api/index.ts';
import { MOST, useSelection } from './selection.ts';

const rowsOf = (n: number) => Array.from({ length: n }, (_, i) => ({ taskId: `t${i}` }) as InboxRow);

describe('selection in a list', () => {
  const open = (n: number) => {
    const listed = shallowRef(rowsOf(n));
    const selection = useSelection(listed);
    const namesOf = (rows: InboxRow[]) => rows.map((row) => row.taskId);
    return {
      ...{ listed, selection },
      ids: () => namesOf(selection.chosen.value),
      gone: () => namesOf(selection.gone.value),
    };
  };

  it('turns single rows, and ranges from the row turned last [PLT-1.6]', () => {
    const { listed, selection, ids } = open(6);
    selection.toggle(listed.value[1]!);
    selection.toggle(listed.value[4]!, true);
    assert.deepEqual(ids(), ['t1', 't2', 't3', 't4']);
    selection.toggle(listed.value[3]!, true);
    assert.deepEqual(ids(), ['t1', 't2']);
  });

  it('takes a whole group, or leaves it out, and at most two hundred [PLT-1.6]', () => {
    const { listed, selection, ids } = open(MOST + 5);
    selection.toggleAll(listed.value.slice(0, 2));
    assert.deepEqual(selection.all(listed.value), 'some');
    selection.toggleAll(listed.value.slice(0, 2));
    assert.deepEqual(ids(), []);
    selection.toggleAll(listed.value);
    assert.deepEqual([ids().length, selection.full.value], [MOST, true]);
    selection.toggleAll(listed.value);
    assert.deepEqual(ids(), []);
  });

  it('forgets what has left the list [PLT-1.6]', () => {
    const { listed, selection, ids, gone } = open(3);
    selection.toggleAll(listed.value);
    listed.value = listed.value.slice(1);
    assert.deepEqual(ids(), ['t1', 't2']);
    assert.deepEqual(gone(), ['t0'], 'and tells of it until something else is chosen');
    selection.toggle(listed.value[0]!);
    assert.deepEqual(gone(), []);
    listed.value = rowsOf(3);
    assert.deepEqual(ids(), ['t2']);
  });
});
