import assert from 'node:assert/strict';
import { useAction } from './action.ts';
import { ProblemError } from './problem.ts';

describe('an action of a person', () => {
  it('is sent once, however often the button is pressed [PLT-13.2]', async () => {
    const keys: string[] = [];
    let answer = (_: string) => {};
    const { busy, run } = useAction((key: string) => {
      keys.push(key);
      return new Promise<string>((resolve) => (answer = resolve));
    });
    const first = run();
    assert.equal(busy.value, true);
    assert.equal(await run(), undefined);
    answer('done');
    assert.deepEqual([await first, busy.value, keys.length], ['done', false, 1]);
  });

  it('keeps its key over a lost answer and takes another for something else [PLT-12.1]', async () => {
    const keys: string[] = [];
    let problem: ProblemError | null = new ProblemError(503, { code: 'unavailable' });
    const { run } = useAction(async (key: string, _what: string) => {
      keys.push(key);
      if (problem) throw problem;
    });
    await run('a');
    await run('a');
    await run('b');
    problem = null;
    await run('b');
    await run('b');
    const [a, again, b, same, next] = keys;
    assert.equal(a, again, 'the same try');
    assert.notEqual(b, a, 'another content');
    assert.equal(same, b);
    assert.notEqual(next, same, 'done once, asked for anew');
  });
});
