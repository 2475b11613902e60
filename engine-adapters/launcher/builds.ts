/** What Vite builds into `dist/` before it runs: the pages, and the programs of the product, which start in half the time then. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from './programs.ts';
import { hashOf } from './sources.ts';

interface Place {
  root: string;
  programs: Pick<Programs, 'run'>;
}

export const buildWeb = (place: Place): Promise<void> => build(place, 'web', 'web', ['web', 'contracts']);

export const buildServer = (place: Place): Promise<void> =>
  build(place, 'server', 'api', ['api/src', 'api/vite.config.ts', 'contracts', 'engine-adapters/port', CAMUNDA]);

/** What Node is given to run a program of `api/src/main`, built before. */
export const builtProgram = (root: string, name: string): string[] => [
  '--enable-source-maps',
  join(root, 'dist', 'server', `${name}.mjs`),
];

const CAMUNDA = 'engine-adapters/camunda7';

/** Builds `dist/<name>` unless it was built here from the same sources. */
async function build({ root, programs }: Place, name: string, folder: string, sources: string[]): Promise<void> {
  const mark = join(root, 'dist', name, '.built-from');
  // The programs know where they lie.
  const from = `${root} ${hashOf(root, [...sources, 'package-lock.json'])}`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === from) return;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await programs.run(`${name}-build`, [vite, 'build', '--config', join(root, folder, 'vite.config.ts')], {
    NODE_ENV: 'production',
  });
  writeFileSync(mark, from);
}
