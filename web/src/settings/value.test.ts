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
    const names: Record<string, string> = { post: '邮寄送达', leader: '省局领导' };
    const words = { on: '是', off: '否', none: '没有', unit: '日', nameOf: (id: string) => names[id] ?? id };
    assert.deepEqual(
      [true, [5, 2], 3, [], ['leader'], { post: '第九十一条' }].map((value) =>
        shown(value, { ...words, ...(typeof value === 'object' && { unit: undefined }) }),
      ),
      ['是', '5、2', '3 日', '没有', '省局领导', '邮寄送达：第九十一条'],
    );
    assert.equal(shown([5, 2], words), '5、2 日');
  });
});
