/** `npm start`: sets up what is missing, runs everything, and ends everything. */
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLifetime } from './lifetime.ts';
import { holderOf, takeLock, type Lock } from './lock.ts';
import { Problem, isNoSpace, noSpace } from './problem.ts';
import { ancestor, ended } from './processes.ts';
import { createProgress } from './progress.ts';
import { readSettings, type Settings } from './settings.ts';
import { start } from './start.ts';

const MEGABYTE = 2 ** 20;
const LEAST_SPACE = 300 * MEGABYTE;
const HOLDER_ENDS_WITHIN_MS = 40_000;
const ENDING_WITHIN_MS = 20_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const since = Date.now();
const print = (text: string) => void process.stdout.write(text);
const lifetime = createLifetime();
let starting: Promise<string> | undefined;
let lock: Lock | undefined;
let dataDir = '';

async function end(code: number): Promise<void> {
  if (lifetime.ended.aborted) return;
  lock?.ending();
  await lifetime.end();
  await Promise.race([starting?.catch(() => undefined), pause(ENDING_WITHIN_MS)]);
  lock?.release();
  process.exit(code);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, root);
  dataDir = settings.dataDir;
  lock = await takeFolder(settings);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave());
  leaveWithNpm();
  refuseFullDisk(settings.dataDir);
  starting = start({ root, settings, progress: createProgress(print), lifetime });
  const accounts = await starting;
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  print(
    `\n  准予已就绪 ready (${seconds} s)：${settings.publicUrl}\n\n${accounts}\n  按 Ctrl-C 结束 · Ctrl-C ends it\n`,
  );
}

async function leave(): Promise<void> {
  if (lifetime.ended.aborted) return;
  print('\n  正在结束 … ending\n');
  await end(0);
}

/** A killed npm would leave us running without anybody who knows. */
function leaveWithNpm(): void {
  const npm = process.env.npm_lifecycle_event === 'start' && ancestor(/\bnpm\b/);
  if (npm) void ended(npm).then(leave);
}

/** Waits for a holder that is about to end. */
async function takeFolder({ dataDir, publicUrl }: Settings): Promise<Lock> {
  const path = join(dataDir, 'run.lock');
  const asked = Date.now();
  for (;;) {
    const taken = takeLock(path);
    if (taken) return taken;
    const holder = holderOf(path);
    if (Date.now() - asked > (holder?.ending ? HOLDER_ENDS_WITHIN_MS : 1500)) {
      throw new Problem(
        'already-running',
        `已在此文件夹中运行（进程 ${holder?.pid}）：${publicUrl}。无需再次启动；要重启请先在原终端按 Ctrl-C`,
        `Already running in this folder (process ${holder?.pid}): ${publicUrl}. There is nothing to do; to restart, end it with Ctrl-C first`,
      );
    }
    await pause(100);
  }
}

function refuseFullDisk(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < LEAST_SPACE) throw noSpace(folder);
}

/** One clear message; a stack only for what nobody foresaw. */
function explain(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const text = String((error as Error).stack ?? error);
  if (isNoSpace(text)) return noSpace(dataDir).message;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM')
    return `没有权限（${path ?? dataDir}）：请用首次启动时的用户，或用 DATA_DIR 换一个文件夹\nNo permission (${path ?? dataDir}): start as the user of the first time, or choose another folder with DATA_DIR`;
  return text;
}

// a terminal that was closed is no reason to end without ending the children
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

main().catch(async (error: unknown) => {
  if (lifetime.ended.aborted) return;
  process.stderr.write(`\n${explain(error).replace(/^/gm, '  ')}\n`);
  await end(1);
});
