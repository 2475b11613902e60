import assert from 'node:assert/strict';
import { filterOf, valuesIn } from './filter.ts';

describe('filters of registers', () => {
  it('stand in the address and come back from it [PLT-10.1]', () => {
    const chosen = { division: '520100', admission: 'admitted' };
    assert.equal(filterOf(chosen), 'division:520100,admission:admitted');
    assert.deepEqual(valuesIn('division:520100,admission:admitted'), chosen);
    assert.equal(filterOf({ ...chosen, division: undefined, admission: '' }), undefined);
    assert.deepEqual(valuesIn(undefined), {});
  });
});
