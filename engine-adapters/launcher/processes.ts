import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The command line of a process, its arguments parted by spaces; undefined when there is no such process. */
export function commandOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Asks a process to end, waits, and ends it by force after `patienceMs`. */
export async function endProcess(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (!send(pid, signal)) return;
  const deadline = Date.now() + patienceMs;
  while (commandOf(pid) !== undefined) {
    if (Date.now() > deadline) send(pid, 'SIGKILL');
    await pause(50);
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Is the port of the loopback interface free to listen on? */
export const isFree = (port: number) =>
  listenOnce(port).then(
    () => true,
    () => false,
  );

/** A port of the loopback interface that nobody listens on. */
export const freePort = () => listenOnce(0);

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
