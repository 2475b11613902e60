import type { Report } from './problem.ts';

/** Tells on the terminal which step is at work and how long it took. */
export function createProgress(write: (text: string) => void) {
  const report: Report = (line) => write(`    ${line}\n`);
  return {
    report,
    /** Runs one step. Steps may run beside one another. */
    async step<T>(zh: string, en: string, work: () => Promise<T>): Promise<T> {
      const since = Date.now();
      write(`  … ${zh} ${en}\n`);
      const result = await work();
      write(`  ✓ ${zh} ${en} ${((Date.now() - since) / 1000).toFixed(1)} s\n`);
      return result;
    },
  };
}

export type Progress = ReturnType<typeof createProgress>;
