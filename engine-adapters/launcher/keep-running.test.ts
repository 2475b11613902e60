import assert from 'node:assert/strict';
import { keepRunning } from './keep-running.ts';

/** Something that dies when told to. */
function mortal() {
  let die = () => {};
  const ended = new Promise<void>((resolve) => (die = resolve));
  return { running: { ended, stop: async () => die() }, die };
}

describe('a process that is kept running', () => {
  it('is started again when it dies, with a line, until it is stopped', async () => {
    const lives = [mortal(), mortal()];
    const lines: string[] = [];
    let starts = 0;
    let again = () => {};
    const restarted = new Promise<void>((resolve) => (again = resolve));
    const kept = await keepRunning({
      name: 'api',
      async start() {
        const life = lives[starts++];
        if (starts === 2) again();
        assert.ok(life);
        return life.running;
      },
      report: (line) => lines.push(line),
    });
    lives[0]?.die();
    await restarted;
    await kept.stop();
    await lives[1]?.running.ended;
    assert.equal(starts, 2);
    assert.match(lines[0] ?? '', /^api .*1 s/);
  });

  it('throws when the first start fails', async () => {
    const start = () => Promise.reject(new Error('no'));
    await assert.rejects(keepRunning({ name: 'api', start, report: () => {} }), /no/);
  });
});
