import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandOf } from './processes.ts';

/** The process that holds the lock; undefined when nobody does, or when the holder was killed. */
export function holderOf(path: string): number | undefined {
  try {
    const { pid, command } = JSON.parse(readFileSync(path, 'utf8'));
    // the command too: the number of a killed holder may belong to another program by now
    return commandOf(pid) === command ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock for this process. Answers what gives it back, or undefined when somebody else holds it. */
export function takeLock(path: string): (() => void) | undefined {
  if (holderOf(path) !== undefined) return undefined;
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, JSON.stringify({ pid: process.pid, command: commandOf(process.pid) }), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  return () => rmSync(path, { force: true });
}
