import type { Core } from '../core/index.ts';

export type DivisionName = (code: string) => string | undefined;

/** Longest time for which a new division may be unknown here. */
const FRESH_MS = 60_000;

/** Full names of divisions (贵州省贵阳市南明区), read at first use and again a minute later. */
export function createDivisions({ db }: Pick<Core, 'db'>): () => Promise<DivisionName> {
  let loaded: Promise<Map<string, string>> | undefined;
  let until = 0;

  async function load(): Promise<Map<string, string>> {
    const rows: { code: string; name: string; parent: string | null }[] = await db('division').select(
      'code',
      'name',
      'parent',
    );
    const byCode = new Map(rows.map((row) => [row.code, row]));
    const full = (row: (typeof rows)[number]): string => {
      const parent = row.parent ? byCode.get(row.parent) : undefined;
      return (parent ? full(parent) : '') + row.name;
    };
    return new Map(rows.map((row) => [row.code, full(row)]));
  }

  return async () => {
    if (!loaded || performance.now() > until) {
      until = performance.now() + FRESH_MS;
      loaded = load();
      loaded.catch(() => (loaded = undefined));
    }
    const names = await loaded;
    return (code) => names.get(code);
  };
}
