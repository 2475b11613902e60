import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from './programs.ts';
import { hashOf } from './sources.ts';

const SOURCES = ['web', 'contracts', 'package-lock.json'];

/** Builds the pages into `dist/web` unless they were built from the same sources. */
export async function buildWeb({ root, programs }: { root: string; programs: Pick<Programs, 'run'> }): Promise<void> {
  const mark = join(root, 'dist', 'web', '.built-from');
  const hash = hashOf(root, SOURCES);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await programs.run('web-build', [vite, 'build', '--config', join(root, 'web', 'vite.config.ts')], {
    NODE_ENV: 'production',
  });
  writeFileSync(mark, hash);
}
