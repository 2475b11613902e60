import assert from 'node:assert/strict';
import { coverage, idsIn, readRequirements } from './requirements.ts';

describe('requirements', () => {
  it('reads every line once', () => {
    const ids = readRequirements().map((line) => line.id);
    assert.ok(ids.length > 500);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.includes('CMA-3.2'));
  });

  it('finds the ids that a title names, ranges written out', () => {
    assert.deepEqual(idsIn('grants [CMA-3.2, 3.7–3.9, PLT-5.1]'), [
      'CMA-3.2',
      'CMA-3.7',
      'CMA-3.8',
      'CMA-3.9',
      'PLT-5.1',
    ]);
  });

  it('calls a line failing as soon as one test that names it fails', () => {
    const lines = [{ id: 'CMA-1.1', text: 'x', file: 'f' }];
    const results = [
      { title: 'a [CMA-1.1]', file: 'a', passed: true },
      { title: 'b [CMA-1.1]', file: 'b', passed: false },
    ];
    assert.equal(coverage(lines, results)[0]!.state, 'failing');
    assert.equal(coverage(lines, results.slice(0, 1))[0]!.state, 'passing');
    assert.equal(coverage(lines, [])[0]!.state, 'none');
  });
});
