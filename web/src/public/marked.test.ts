import assert from 'node:assert/strict';
import { marked } from './marked.ts';

describe('searched words in a text', () => {
  it('are marked wherever they stand, without regard to case', () => {
    assert.deepEqual(
      marked('氯离子含量 GB/T 176', '氯离子 gb/t').map((part) => (part.hit ? `[${part.text}]` : part.text)),
      ['[氯离子]', '含量 ', '[GB/T]', ' 176'],
    );
  });
  it('are taken as they are written, and nothing is marked without any', () => {
    assert.deepEqual(marked('a(b', '(').length, 3);
    assert.deepEqual(marked('abc', ' '), [{ text: 'abc', hit: false }]);
  });
});
