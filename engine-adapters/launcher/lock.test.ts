import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLeftovers } from './leftovers.ts';
import { holderOf, takeLock } from './lock.ts';
import { ended } from './processes.ts';

describe('one run per folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('refuses a second one and says who holds the folder', () => {
    const path = join(folder, 'run.lock');
    const lock = takeLock(path);
    assert.equal(takeLock(path), undefined);
    assert.deepEqual(holderOf(path), { pid: process.pid, ending: false });
    lock?.ending();
    assert.deepEqual(holderOf(path), { pid: process.pid, ending: true });
    lock?.release();
    assert.equal(holderOf(path), undefined);
    assert.ok(takeLock(path));
  });

  it('takes over from one that was killed, also when its number is in use again', () => {
    const path = join(folder, 'run.lock');
    takeLock(path);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"command":"/, '"command":"another '));
    assert.ok(takeLock(path));
  });

  it('ends what a killed parent left, and nothing else', async () => {
    const left = spawn('sleep', ['600']);
    const other = spawn('sleep', ['601']);
    try {
      const path = join(folder, 'processes.json');
      const leftovers = createLeftovers(path);
      leftovers.note(left.pid ?? 0);
      leftovers.note(other.pid ?? 0);
      writeFileSync(path, readFileSync(path, 'utf8').replace('sleep 601', 'another program'));
      assert.equal(await createLeftovers(path).end(), 1);
      await ended(left.pid ?? 0);
      assert.equal(other.exitCode, null);
      assert.equal(await createLeftovers(path).end(), 0);
    } finally {
      other.kill();
      await once(other, 'exit');
    }
  });
});
