import assert from 'node:assert/strict';
import type { Variables } from '../port/index.ts';
import { fromTyped, toTyped } from './variables.ts';

describe('variables', () => {
  const types = (variables: Variables) => Object.values(toTyped(variables)).map(({ type }) => type);
  const refuses = (variables: Record<string, unknown>, code: string) =>
    assert.throws(() => toTyped(variables as Variables), { kind: 'invalid', code }, JSON.stringify(variables));

  it('are sent with the type that keeps their value', () => {
    const whole = { a: 0, b: -(2 ** 31), c: 2 ** 31, d: -0, e: 1.5 };
    assert.deepEqual(types(whole), ['Integer', 'Integer', 'Long', 'Integer', 'Double']);
    assert.deepEqual(types({ a: 'x', b: true, c: null, 职工人数: '' }), ['String', 'Boolean', 'Null', 'String']);
  });

  it('come back as they were sent, without what is not of a simple type', () => {
    const variables = { a: 1, b: 'x', c: null, d: false };
    assert.deepEqual(fromTyped({ ...toTyped(variables), e: { type: 'Object', value: {} } }), variables);
  });

  it('are refused with their name where the engine would store something else', () => {
    for (const value of [undefined, NaN, Infinity, 2 ** 53, {}, [], new Date(), 'a\0b'])
      refuses({ x: value }, 'variable-type');
    for (const name of ['a-b', 'a.b', 'a b', '1a', '']) refuses({ [name]: 1 }, 'variable-name');
  });

  it('have at most 4,000 characters as PostgreSQL counts them', () => {
    assert.deepEqual(types({ x: '𠮷'.repeat(4000) }), ['String']);
    refuses({ x: '𠮷'.repeat(4001) }, 'variable-too-long');
  });
});
