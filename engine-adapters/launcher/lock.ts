import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandOf } from './processes.ts';

export interface Holder {
  pid: number;
  /** It has begun to end and will give the lock back soon. */
  ending: boolean;
}

export interface Lock {
  /** Tells those who ask that it is only a matter of seconds. */
  ending(): void;
  release(): void;
}

/** Who holds the lock; undefined when nobody does, or when the holder was killed. */
export function holderOf(path: string): Holder | undefined {
  try {
    const { pid, command, ending } = JSON.parse(readFileSync(path, 'utf8'));
    // the command too: the number of a killed holder may belong to another program by now
    return commandOf(pid) === command ? { pid, ending } : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock for this process; undefined when somebody else holds it. */
export function takeLock(path: string): Lock | undefined {
  if (holderOf(path)) return undefined;
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  const content = (ending: boolean) => JSON.stringify({ pid: process.pid, command: commandOf(process.pid), ending });
  try {
    writeFileSync(path, content(false), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  return {
    ending: () => writeFileSync(path, content(true)),
    release: () => rmSync(path, { force: true }),
  };
}
