import assert from 'node:assert/strict';
import { placed, takenFlows } from './drawing.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 8, 14, 1, minute));
const visit = (step: string, from: number, to: number | null, how = 'done') => ({
  step,
  entered_at: at(from),
  left_at: to === null ? null : at(to),
  how: to === null ? null : how,
});
const flows = (...pairs: string[]) =>
  pairs.map((pair) => {
    const [from = '', to = ''] = pair.split('>');
    return { id: pair, from, to };
  });

describe('the drawn path of a case', () => {
  it('goes through gateways the way that was taken, not the other [PLT-1.2]', () => {
    const graph = { flows: flows('s>a', 'a>x', 'x>b', 'x>c', 'c>e') };
    const visits = [visit('s', 0, 0), visit('a', 0, 5), visit('x', 5, 5), visit('b', 5, null)];
    assert.deepEqual(takenFlows(graph, visits), ['s>a', 'a>x', 'x>b']);
  });

  it('shows every branch of a fork, and the join only from where it was reached', () => {
    const graph = { flows: flows('a>f', 'f>b', 'f>c', 'b>j', 'c>j', 'j>d') };
    const visits = [visit('a', 0, 1), visit('f', 1, 1), visit('b', 1, 2), visit('c', 1, null), visit('j', 2, null)];
    assert.deepEqual(takenFlows(graph, visits), ['a>f', 'f>b', 'f>c', 'b>j']);
  });

  it('counts how often a step was entered, in each thread by itself', () => {
    const visits = [{ parent: 'a' }, { parent: 'b' }, { parent: 'a' }];
    const told = (threaded: boolean) => placed(visits, threaded).map(({ visit, thread }) => [visit, thread]);
    assert.deepEqual(told(true), [
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
    assert.deepEqual(told(false), [
      [1, null],
      [2, null],
      [3, null],
    ]);
  });

  it('does not count a step that was cancelled as left', () => {
    const graph = { flows: flows('a>b', 'a>t', 'timer>t') };
    const visits = [visit('a', 0, 3, 'cancelled'), visit('timer', 3, 3), visit('t', 3, null)];
    assert.deepEqual(takenFlows(graph, visits), ['timer>t']);
  });
});
