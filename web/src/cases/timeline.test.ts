import assert from 'node:assert/strict';
import type { TimelineEntry } from '../api/index.ts';
import { linesOf } from './timeline.ts';

const entry = (at: string, action: string) => ({ at, occurredAt: null, action }) as TimelineEntry;

describe('time line of a case', () => {
  it('shows the newest first and hatches the time in which a clock stood [PLT-1.8]', () => {
    const lines = linesOf([
      entry('2026-09-21T01:00:00Z', 'task.decide'),
      entry('2026-10-09T01:00:00Z', 'clock.stop'),
      entry('2026-11-06T01:00:00Z', 'task.decide'),
      entry('2026-11-20T01:00:00Z', 'clock.resume'),
      entry('2026-11-21T01:00:00Z', 'certificate.issued'),
    ]);
    assert.deepEqual(
      lines.map((line) => [line.entry.action, line.colour, line.stopped]),
      [
        ['certificate.issued', 'ok', false],
        ['clock.resume', 'run', true],
        ['task.decide', 'run', true],
        ['clock.stop', 'hold', false],
        ['task.decide', 'run', false],
      ],
    );
  });

  it('goes on hatched where the clock stood before the first line that is shown [PLT-1.8]', () => {
    const lines = linesOf(
      [
        entry('2026-11-06T01:00:00Z', 'task.decide'),
        entry('2026-11-20T01:00:00Z', 'clock.resume'),
        entry('2026-11-21T01:00:00Z', 'task.decide'),
      ],
      1,
    );
    assert.deepEqual(
      lines.map((line) => line.stopped),
      [false, true, true],
    );
  });
});
