import assert from 'node:assert/strict';
import { parseCollection, parseExpression, renameVariables } from './expression.ts';

describe('expressions of models', () => {
  it('reads comparisons with literals, and, or, not', () => {
    const { comparisons, holds } = parseExpression(`\${a_outcome == 'yes' and not (n >= 3 or flag)}`);
    assert.deepEqual(comparisons, [
      { variable: 'a_outcome', operator: '==', literal: 'yes' },
      { variable: 'n', operator: '>=', literal: 3 },
      { variable: 'flag' },
    ]);
    assert.equal(holds({ a_outcome: 'yes', n: 2 }), true);
    assert.equal(holds({ a_outcome: 'yes', n: 3 }), false);
    assert.equal(holds({ a_outcome: 'yes', flag: true }), false);
    assert.equal(holds({}), false);
  });

  for (const hostile of [
    `\${''.getClass().forName('java.lang.Runtime')}`,
    '${environment.getProperty("spring.datasource.password")}',
    '${dataSource.jdbcUrl}',
    '${a.b == 1}',
    '${a-b_outcome == 1}',
    '${a ? b : c}',
    '${list(a)}',
    '${a[0]}',
    '${empty a}',
    '#{a == 1}',
    `\${a == 'x'}\${b == 'y'}`,
    `\${a == b}`,
    '${}',
    'a == 1',
  ])
    it(`refuses ${hostile}`, () => assert.throws(() => parseExpression(hostile), SyntaxError));

  it('binds not tighter than a comparison, as the engine does', () => {
    assert.throws(() => parseExpression(`\${not a == 'x'}`), SyntaxError);
  });

  it('takes list() in a collection only', () => {
    assert.equal(parseCollection('${list(experts)}'), 'experts');
    assert.throws(() => parseCollection('${list(a.b)}'), SyntaxError);
    assert.throws(() => parseCollection('${experts}'), SyntaxError);
  });

  it('renames whole names inside expressions and leaves texts alone', () => {
    const names = new Map([['fix_outcome', 'call__fix_outcome']]);
    assert.equal(
      renameVariables(`fix_outcome \${fix_outcome == 'fix_outcome' and prefix_outcome}`, names),
      `fix_outcome \${call__fix_outcome == 'fix_outcome' and prefix_outcome}`,
    );
  });
});
