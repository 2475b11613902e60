/** What `npm start` builds, for tests: again only where its sources have changed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { buildServer, buildWeb, builtProgram } from '../engine-adapters/launcher/builds.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const place = {
  root,
  programs: {
    run: async (_name: string, args: string[], environment?: Record<string, string>) =>
      (await run(process.execPath, args, { cwd: root, env: { ...process.env, ...environment } })).stdout,
  },
};

/** Answers the folder to serve. */
export async function builtPages(): Promise<string> {
  await buildWeb(place);
  return `${root}dist/web`;
}

/** Answers what Node is given to run a program of the product. */
export async function builtPrograms(): Promise<(name: string) => string[]> {
  await buildServer(place);
  return (name) => builtProgram(root, name);
}
