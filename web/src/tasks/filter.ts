import type { LocationQuery, LocationQueryRaw } from 'vue-router';

const VIEWS = ['open', 'mine'] as const;
export const SORTS = ['due', 'arrived', 'newest', 'priority'] as const;
export const DUES = ['overdue', 'today', 'soon', 'later', 'none'] as const;
/** What a list is narrowed by, each a chip. */
export const CONDITIONS = ['q', 'flow', 'step', 'due', 'division', 'from', 'to'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** What the address of a list says: it survives a reload, can be kept by name and sent to somebody. */
export interface ListFilter extends Partial<Record<Condition, string>> {
  view: (typeof VIEWS)[number];
  sort: (typeof SORTS)[number];
}

/** The inbox as it opens. */
export const USUAL: ListFilter = { view: 'open', sort: 'due' };

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value ? value : undefined);
const oneOf = <T extends string>(all: readonly T[], value: string | undefined) => all.find((one) => one === value);

/** What an address says that isn't known is left out. */
export function filterOf(query: LocationQuery): ListFilter {
  const day = (value: string | undefined) => (value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined);
  const division = text(query.division);
  return {
    view: oneOf(VIEWS, text(query.view)) ?? 'open',
    sort: oneOf(SORTS, text(query.sort)) ?? 'due',
    q: text(query.q),
    flow: text(query.flow),
    step: text(query.step),
    due: oneOf(DUES, text(query.due)),
    division: division && /^\d{6}$/.test(division) ? division : undefined,
    from: day(text(query.from)),
    to: day(text(query.to)),
  };
}

/** The usual view and order don't stand in the address. */
export function queryOf({ view, sort, ...conditions }: ListFilter): LocationQueryRaw {
  return { view: view === 'open' ? undefined : view, sort: sort === 'due' ? undefined : sort, ...conditions };
}

/** The address of a filter as it is kept by name: the same text for the same filter. */
export function addressOf(filter: ListFilter): string {
  const set = Object.entries(queryOf(filter)).filter((one): one is [string, string] => typeof one[1] === 'string');
  return new URLSearchParams(set.sort(([a], [b]) => a.localeCompare(b))).toString();
}

export const conditionsOf = (filter: ListFilter): Condition[] => CONDITIONS.filter((name) => filter[name]);
export const without = (filter: ListFilter): ListFilter => ({ view: filter.view, sort: filter.sort });
