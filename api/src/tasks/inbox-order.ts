/** The orders of the inbox, each with an index of `task_group`, and places in them. */
import { z } from 'zod';
import { none, noPlace, type Piece } from '../search/index.ts';

export const InboxSort = z.enum(['due', 'arrived', 'newest', 'priority']);
export type InboxSort = z.infer<typeof InboxSort>;

const Due = z.union([z.literal('infinity'), z.iso.date()]);
const TaskId = z.string().min(1).max(64);
const moment = `to_char(k.entered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

interface Order {
  columns: string[];
  types: string[];
  backwards?: boolean;
  /** Columns as text. */
  texts: string[];
  parts: z.ZodType<string>[];
}

const ORDERS: Record<InboxSort, Order> = {
  due: {
    columns: ['due_on', 'task_id'],
    types: ['date', 'text'],
    texts: ['k.due_on::text', 'k.task_id'],
    parts: [Due, TaskId],
  },
  arrived: arrival(false),
  newest: arrival(true),
  priority: {
    columns: ['rank', 'due_on', 'task_id'],
    types: ['int', 'date', 'text'],
    texts: ['k.rank::text', 'k.due_on::text', 'k.task_id'],
    parts: [z.string().regex(/^\d{1,3}$/), Due, TaskId],
  },
};

function arrival(backwards: boolean): Order {
  return {
    columns: ['entered_at', 'task_id'],
    types: ['timestamptz', 'text'],
    texts: [moment, 'k.task_id'],
    parts: [z.iso.datetime(), TaskId],
    backwards,
  };
}

/** How the columns of `merged` are sorted: `place` writes where a row stands, `after` reads that. */
export function orderOf(sort: InboxSort): {
  columns: string;
  order: string;
  place: string;
  /** @throws invalid */
  after(place: string | undefined): Piece;
} {
  const { columns, types, texts, parts, backwards } = ORDERS[sort];
  return {
    columns: columns.join(', '),
    order: columns.map((column) => (backwards ? `${column} desc` : column)).join(', '),
    place: texts.join(` || '~' || `),
    after(place) {
      if (place === undefined) return none;
      const values = place.split('~');
      const known = values.length === parts.length && parts.every((part, i) => part.safeParse(values[i]).success);
      if (!known) throw noPlace();
      const marks = types.map((type) => `?::${type}`).join(', ');
      return { sql: `(${columns.join(', ')}) ${backwards ? '<' : '>'} (${marks})`, values };
    },
  };
}
