import assert from 'node:assert/strict';
import { readLines, writeLines } from './lines.ts';

describe('holidays of a year as lines', () => {
  it('reads days off and make-up days, and names the lines that it cannot read [PLT-5.1]', () => {
    const { days, wrong } = readLines(
      '2027-01-01 休 元旦\n\n2027-02-20 班 春节\n2026-01-01 休 元旦\n元旦\n2027-13-01 休 x',
      2027,
    );
    assert.deepEqual(days, { '2027-01-01': 'off:元旦', '2027-02-20': 'work:春节' });
    assert.deepEqual(wrong, [4, 5, 6]);
  });

  it('writes what it reads', () => {
    const text = '2027-01-01 休 元旦\n2027-02-20 班 春节';
    const { days } = readLines(text, 2027);
    const list = Object.entries(days).map(([day, what]) => {
      const [kind, name] = what.split(':') as ['off' | 'work', string];
      return { day, kind, name };
    });
    assert.equal(writeLines(list), text);
  });
});
