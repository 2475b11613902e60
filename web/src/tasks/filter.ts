import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import type { InboxFilter } from './queries.ts';

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value ? value : undefined);

/** The filters of the inbox stand in its address, so that they survive a reload and can be sent to somebody. */
export function filterOf(query: LocationQuery): InboxFilter {
  const due = text(query.due);
  return {
    view: query.view === 'mine' ? 'mine' : 'open',
    q: text(query.q),
    flow: text(query.flow),
    step: text(query.step),
    due: due && ['overdue', 'today', 'soon'].includes(due) ? due : undefined,
  };
}

export function queryOf({ view, ...rest }: InboxFilter): LocationQueryRaw {
  return { view: view === 'mine' ? view : undefined, ...rest };
}
