import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The command line of a process, its arguments parted by spaces; undefined when there is no such process. */
export function commandOf(pid: number): string | undefined {
  try {
    const printed =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return printed.trim() || undefined;
  } catch {
    return undefined;
  }
}

function parentOf(pid: number): number {
  if (process.platform !== 'linux')
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** The nearest process above this one whose command line matches. */
export function ancestor(command: RegExp): number | undefined {
  for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) if (command.test(commandOf(pid) ?? '')) return pid;
  return undefined;
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

/** Settles when the process, a child of ours or not, is gone. Looks twice a second. */
export async function ended(pid: number): Promise<void> {
  while (commandOf(pid) !== undefined) await pause(500);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  if (pid <= 0) return false; // a child that never came to be; the system would take 0 for our whole group
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Can one listen on the port, on the loopback interface and on all? */
export async function isFree(port: number): Promise<boolean> {
  try {
    for (const host of ['127.0.0.1', undefined]) await listenOnce(port, host);
    return true;
  } catch {
    return false;
  }
}

/** A port of the loopback interface that nobody listens on. */
export const freePort = () => listenOnce(0, '127.0.0.1');

function listenOnce(port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
