import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Running } from './keep-running.ts';
import type { Leftovers } from './leftovers.ts';
import { Problem, isNoSpace, noSpace } from './problem.ts';
import { endProcess } from './processes.ts';

export interface Programs {
  /**
   * Runs a program to its end and answers what it printed, telling `said` of each line meanwhile. A program that
   * prepares itself first reads its standard input, which ends with `begins`. Throws with the end of its output when it
   * fails.
   */
  run(
    name: string,
    args: string[],
    environment?: Record<string, string>,
    options?: { said?: (line: string) => void; begins?: Promise<unknown> },
  ): Promise<string>;
  /** Starts a program that stays. `ready` asks again and again until the program is of use. */
  start(
    name: string,
    args: string[],
    environment: Record<string, string>,
    ready?: () => Promise<boolean>,
  ): Promise<Running>;
  /** Ends whatever is being run or started. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 120_000;
const LOOK_MS = 500;
const LARGEST_LOG = 10 * 2 ** 20;

/** Runs Node programs of the project with their output in `<dataDir>/logs/<name>.log`. */
export function createPrograms(o: { root: string; dataDir: string; leftovers: Leftovers }): Programs {
  const living = new Set<ChildProcess>();

  function launch(name: string, args: string[], environment: Record<string, string>, begins?: Promise<unknown>) {
    const log = join(o.dataDir, 'logs', `${name}.log`);
    const begin = rotate(log);
    const output = openSync(log, 'a');
    const child = spawn(process.execPath, args, {
      cwd: o.root,
      env: { ...process.env, NO_COLOR: '1', ...environment },
      // a group of its own: Ctrl-C is for the supervisor, which ends its children in order
      detached: true,
      stdio: [begins ? 'pipe' : 'ignore', output, output],
    });
    child.stdin?.on('error', () => undefined);
    void begins?.then(
      () => child.stdin?.end(),
      () => undefined,
    );
    closeSync(output);
    living.add(child);
    if (child.pid) o.leftovers.note(child.pid);
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve).once('error', () => resolve(-1)));
    void exit.then(() => living.delete(child));
    const printed = () => readFileSync(log).subarray(begin).toString('utf8');
    const failure = () => {
      if (isNoSpace(printed())) return noSpace(o.dataDir);
      const end = stripVTControlCharacters(printed()).trimEnd().split('\n').slice(-25).join('\n');
      return new Problem('program-failed', `${name} 未能完成，详见 ${log}`, `${name} failed, see that file:\n${end}`);
    };
    return { child, exit, printed, failure };
  }

  return {
    async run(name, args, environment = {}, { said, begins } = {}) {
      const { exit, printed, failure } = launch(name, args, environment, begins);
      const follow = said && follower(printed, said);
      const code = await exit;
      follow?.end();
      if (code !== 0) throw failure();
      return printed();
    },
    async start(name, args, environment, ready = async () => true) {
      const { child, exit, failure } = launch(name, args, environment);
      let gone = false;
      const ended = exit.then(() => void (gone = true));
      const deadline = Date.now() + READY_WITHIN_MS;
      while (!(await ready()) && !gone && Date.now() < deadline) await Promise.race([ended, pause(100)]);
      if (gone || Date.now() >= deadline) {
        await end(child);
        throw failure();
      }
      return { ended, stop: () => end(child) };
    },
    async stop() {
      await Promise.all([...living].map(end));
    },
  };
}

/** Tells each whole line that is printed, some time after it was. */
function follower(printed: () => string, said: (line: string) => void) {
  let told = 0;
  const look = () => {
    const lines = printed().split('\n').slice(0, -1);
    for (const line of lines.slice(told)) said(line);
    told = lines.length;
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    end() {
      clearInterval(timer);
      look();
    },
  };
}

const end = (child: ChildProcess) => endProcess(child.pid ?? 0, 'SIGTERM', 15_000);

/** Keeps the last log beside the present one; answers where new output begins. */
function rotate(log: string): number {
  mkdirSync(dirname(log), { recursive: true });
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size < LARGEST_LOG) return size;
  renameSync(log, `${log}.old`);
  return 0;
}
