import type { Rest } from './rest.ts';

const PAGE = 1000;

/** All results of a query; the engine answers no more than 2,000 at once. `sortBy` names the resource's id. */
export async function allPages<T>(rest: Rest, path: string, sortBy: string, query: object): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await rest.post<T[]>(`${path}?firstResult=${all.length}&maxResults=${PAGE}`, {
      ...query,
      sorting: [{ sortBy, sortOrder: 'asc' }],
    });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
