import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Java } from './java.ts';
import { endProcess } from './processes.ts';

export interface EngineProcess {
  /** Base URL of the server; the REST interface is at `/engine-rest` below it. */
  url: string;
  token: string;
  pid: number;
  /** Settled when the process has ended, whoever ended it. */
  ended: Promise<void>;
  /** Lets running requests finish. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** What thorough compiling costs comes back from code that runs for hours only; a sandbox's engines live for seconds. */
const QUICKLY = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/**
 * Starts the engine's JVM and waits until it answers. Without `databaseUrl` it must be a sandbox, which opens its
 * engines later.
 *
 * @param databaseUrl `postgres://` URL of role engine
 * @param light compiles quickly instead of thoroughly, for a demonstration: 12 s of processor time in its first minutes in place of 32
 * @param spawned told the process number at once, long before the engine answers
 * @param signal ends it while it is starting; afterwards there is `stop`
 */
export async function startEngine(o: {
  java: Java;
  jar: string;
  databaseUrl?: string;
  port: number;
  token: string;
  executor: boolean;
  sandbox: boolean;
  light?: boolean;
  logFile: string;
  spawned?: (pid: number) => void;
  signal?: AbortSignal;
}): Promise<EngineProcess> {
  const url = `http://127.0.0.1:${o.port}`;
  mkdirSync(dirname(o.logFile), { recursive: true });
  const output = openSync(o.logFile, 'w');
  const child = spawn(
    o.java.path,
    [
      ...o.java.args,
      o.sandbox ? '-Xmx1500m' : '-Xmx700m',
      ...(o.sandbox || o.light ? QUICKLY : []),
      '-Duser.timezone=UTC',
      '-Dfile.encoding=UTF-8',
      '-jar',
      o.jar,
    ],
    {
      env: { ...process.env, ...environment(o) },
      detached: true,
      stdio: ['ignore', output, output],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const pid = child.pid ?? 0;
  const engine: EngineProcess = {
    url,
    token: o.token,
    pid,
    ended,
    stop: () => endProcess(pid, 'SIGTERM', 15_000),
    kill: () => endProcess(pid, 'SIGKILL', 0),
  };
  o.spawned?.(pid);
  const abort = () => void engine.stop();
  o.signal?.addEventListener('abort', abort);
  const answered = await Promise.race([ended.then(() => false), answering(url, o)]);
  o.signal?.removeEventListener('abort', abort);
  if (answered) return engine;
  await engine.kill();
  throw new Error(`The engine did not start, see ${o.logFile}:\n${readFileSync(o.logFile, 'utf8').slice(-2000)}`);
}

function environment(o: {
  databaseUrl?: string;
  port: number;
  token: string;
  executor: boolean;
  sandbox: boolean;
}): Record<string, string> {
  return {
    ENGINE_PORT: String(o.port),
    ENGINE_TOKEN: o.token,
    ENGINE_SANDBOX: String(o.sandbox),
    ENGINE_EXECUTOR: String(o.executor),
    ...(o.databaseUrl ? jdbc(o.databaseUrl) : {}),
  };
}

function jdbc(databaseUrl: string): Record<string, string> {
  const { host, pathname, search, username, password } = new URL(databaseUrl);
  return {
    ENGINE_JDBC_URL: `jdbc:postgresql://${host}${pathname}${search}`,
    ENGINE_JDBC_USER: decodeURIComponent(username),
    ENGINE_JDBC_PASSWORD: decodeURIComponent(password),
  };
}

async function answering(url: string, { sandbox, token }: { sandbox: boolean; token: string }): Promise<boolean> {
  const deadline = Date.now() + 120_000;
  const path = sandbox ? '/engine-rest/engine' : '/engine-rest/version';
  while (Date.now() < deadline) {
    const status = await fetch(url + path, { headers: { 'x-engine-token': token } }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return true;
    await pause(100);
  }
  return false;
}
