import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFilesSince } from './files.ts';

describe('files of a demonstration that was broken off', () => {
  it('go, and what was there before stays', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhunyu-files-'));
    try {
      await mkdir(join(folder, 'ab'));
      for (const [name, at] of [
        ['template', '2026-11-20T08:00:00Z'],
        ['notice', '2026-11-20T10:00:00Z'],
      ] as const) {
        await writeFile(join(folder, 'ab', name), name);
        await utimes(join(folder, 'ab', name), new Date(at), new Date(at));
      }
      assert.equal(await removeFilesSince(folder, new Date('2026-11-20T09:00:00Z')), 1);
      assert.deepEqual(await readdir(join(folder, 'ab')), ['template']);
      assert.equal(await removeFilesSince(join(folder, 'none'), new Date(0)), 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
