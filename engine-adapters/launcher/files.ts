import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes the files below the folder that were written at `since` or later; answers how many. */
export async function removeFilesSince(folder: string, since: Date): Promise<number> {
  if (!existsSync(folder)) return 0;
  let removed = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, name));
    if (!found.isFile() || found.mtime < since) continue;
    await rm(join(folder, name));
    removed += 1;
  }
  return removed;
}
