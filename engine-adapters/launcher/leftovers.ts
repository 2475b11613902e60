import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandOf, endProcess } from './processes.ts';

type Note = { pid: number; command: string };

/** Remembers the children in a file, so that those whose parent was killed can be ended at the next start. */
export function createLeftovers(path: string) {
  const read = (): Note[] => {
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      return [];
    }
  };
  const living = () => read().filter(({ pid, command }) => commandOf(pid) === command);
  return {
    note(pid: number): void {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify([...living(), { pid, command: commandOf(pid) }]));
    },
    /** Ends them all and answers how many there were. */
    async end(): Promise<number> {
      const found = living();
      await Promise.all(found.map(({ pid }) => endProcess(pid, 'SIGTERM', 10_000)));
      writeFileSync(path, '[]');
      return found.length;
    },
  };
}

export type Leftovers = ReturnType<typeof createLeftovers>;
