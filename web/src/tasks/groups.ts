import type { InboxRow } from '../api/index.ts';

/** Groups of the inbox by the day on which the earliest running clock ends. */
export type Due = 'overdue' | 'today' | 'soon' | 'later' | 'none';
export type StateColour = 'over' | 'soon' | 'watch' | 'run' | 'void' | 'hold';

/** Colour of each group: state colour says how a case stands with law and time. */
export const dueOf: Record<Due, { state: StateColour }> = {
  overdue: { state: 'over' },
  today: { state: 'soon' },
  soon: { state: 'watch' },
  later: { state: 'run' },
  none: { state: 'void' },
};

/** `left` counts working days: negative when over, null when no clock runs or its end is not known. */
export function groupOf(left: number | null): Due {
  if (left === null) return 'none';
  if (left < 0) return 'overdue';
  if (left === 0) return 'today';
  return left <= 3 ? 'soon' : 'later';
}

/** Rows in the server's order, cut where the group changes. */
export function grouped(rows: InboxRow[]): { due: Due; rows: InboxRow[] }[] {
  const groups: { due: Due; rows: InboxRow[] }[] = [];
  for (const row of rows) {
    const due = groupOf(row.left);
    const last = groups.at(-1);
    if (last?.due === due) last.rows.push(row);
    else groups.push({ due, rows: [row] });
  }
  return groups;
}
