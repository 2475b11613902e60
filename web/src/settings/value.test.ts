import assert from 'node:assert/strict';
import { editorOf, readNumbers, shown } from './value.ts';

describe('values of settings', () => {
  it('are edited by their kind [PLT-10.2]', () => {
    assert.deepEqual(
      [
        { type: 'boolean' },
        { type: 'integer', minimum: 1 },
        { type: 'array', items: { type: 'integer' } },
        { type: 'array', items: { type: 'string', enum: ['leader'] } },
        { type: 'object', propertyNames: { enum: ['post'] } },
      ].map(editorOf),
      ['switch', 'number', 'numbers', 'choices', 'texts'],
    );
  });

  it('keep what is no number for the server to name', () => {
    assert.deepEqual(readNumbers('5，2、x'), [5, 2, 'x']);
  });

  it('are read on one line', () => {
    const words = { on: '是', off: '否' };
    assert.deepEqual(
      [true, [5, 2], 3, { post: '第九十一条' }].map((value) => shown(value, words)),
      ['是', '5、2', '3', 'post: 第九十一条'],
    );
  });
});
