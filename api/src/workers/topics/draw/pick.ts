import { createHash } from 'node:crypto';

/**
 * The first `count` of the candidates in the order of SHA-256 over `<seed>:<id>`: the same for the same seed, whoever
 * computes it, and each candidate is as likely as any other.
 */
export function pick(seed: string, ids: string[], count: number): string[] {
  return ids
    .map((id) => ({ id, place: createHash('sha256').update(`${seed}:${id}`).digest('hex') }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id);
}
