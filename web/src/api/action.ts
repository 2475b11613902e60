import { ref, type Ref } from 'vue';
import { actionKey } from './client.ts';
import { ProblemError } from './problem.ts';

export interface Action<A extends unknown[], R> {
  busy: Ref<boolean>;
  problem: Ref<ProblemError | null>;
  /** Undefined when it was refused (`problem` says why) or is already running: a double click sends once. */
  run(...args: A): Promise<R | undefined>;
}

/**
 * One action of a person on the server. The key stays the same while an unchanged try repeats after a lost answer,
 * and is renewed once the server has answered.
 */
export function useAction<A extends unknown[], R>(work: (key: string, ...args: A) => Promise<R>): Action<A, R> {
  const busy = ref(false);
  const problem = ref<ProblemError | null>(null);
  let key = actionKey();
  let sent = '';
  async function run(...args: A): Promise<R | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    problem.value = null;
    const what = JSON.stringify(args);
    if (what !== sent) key = actionKey();
    sent = what;
    try {
      const result = await work(key, ...args);
      sent = '';
      return result;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (!error.passing) sent = '';
      problem.value = error;
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  return { busy, problem, run };
}
