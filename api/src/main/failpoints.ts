/**
 * Failpoints of a process under test, from `FAILPOINTS`: `name=probability` pairs, comma separated; `*` is every name.
 * Hit with that probability, the process ends itself as by `kill -9`. Never active in production.
 */
import type { Failpoints } from '../core/index.ts';

export function failpointsFrom(text: string | undefined, production: boolean): Failpoints {
  const odds = new Map(
    (text ?? '')
      .split(',')
      .filter(Boolean)
      .map((pair) => [pair.split('=')[0]!, Number(pair.split('=')[1] ?? 1)]),
  );
  if (production || odds.size === 0) return { hit: () => Promise.resolve() };
  return {
    hit(name) {
      const chance = odds.get(name) ?? odds.get('*') ?? 0;
      if (Math.random() < chance) process.kill(process.pid, 'SIGKILL');
      return Promise.resolve();
    },
  };
}
