import { QueryClient } from '@tanstack/vue-query';
import { ProblemError } from './problem.ts';

/** Server state: fresh for ten seconds, looked at again when the window gets the focus; only passing failures are tried again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && error instanceof ProblemError && error.passing,
        retryDelay: (failures) => 1000 * 2 ** failures,
      },
    },
  });
}
