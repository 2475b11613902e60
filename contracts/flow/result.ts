import type { Release } from './compiled.ts';

/** Chinese name of how a case ended, as its end event says it. */
export function resultTitle(release: Release, result: string | null): string | null {
  if (result === null) return null;
  return Object.values(release.package.results).find((r) => r.result === result)?.zh ?? result;
}
