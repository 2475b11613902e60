/** The product's processes under attack: api, workers and engine as own processes that can be killed and come back. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEngine, type EngineProcess } from '../../engine-adapters/launcher/engine.ts';
import type { Java } from '../../engine-adapters/launcher/java.ts';

export interface Kept {
  name: string;
  kill(): void;
  /** How often it was started. */
  starts(): number;
  /** Resolves when it serves again. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Keeps a Node program of the product running, however often it is killed; `environment` is asked at each start. */
export function keepProgram(
  name: string,
  args: string[],
  environment: () => Record<string, string>,
  folder: string,
  serves: () => Promise<boolean>,
): Kept {
  let child: ChildProcess | undefined;
  let stopped = false;
  let starts = 0;
  const log = openSync(join(folder, `${name}.log`), 'a');

  function begin(): void {
    if (stopped) return;
    starts += 1;
    child = spawn(process.execPath, args, {
      env: { ...process.env, ...environment() },
      stdio: ['ignore', log, log],
    });
    child.once('exit', () => void pause(50).then(begin));
  }

  begin();
  return {
    name,
    kill: () => void child?.kill('SIGKILL'),
    starts: () => starts,
    async ready() {
      while (!(await serves())) await pause(100);
    },
    async stop() {
      stopped = true;
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      if (child?.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await Promise.race([ended, pause(5000)]);
        child.kill('SIGKILL');
      }
    },
  };
}

/** Keeps an engine process running on one port. */
export async function keepEngine(o: {
  java: Java;
  jar: string;
  databaseUrl: string;
  port: number;
  token: string;
  logFile: string;
}): Promise<Kept> {
  let stopped = false;
  let starts = 0;
  let running: EngineProcess | undefined;
  let starting = start();

  async function start(): Promise<void> {
    starts += 1;
    running = await startEngine({ ...o, executor: true, sandbox: false });
    void running.ended.then(() => {
      if (!stopped) starting = start();
    });
  }

  await starting;
  return {
    name: 'engine',
    kill: () => void running?.kill(),
    starts: () => starts,
    ready: () => starting,
    async stop() {
      stopped = true;
      await starting;
      await running?.stop();
    },
  };
}
