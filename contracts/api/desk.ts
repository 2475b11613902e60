/** The desk of a leader: how the work of the offices below stands against the law's time. */
import { z } from 'zod';
import { Offer } from './cases/index.ts';

/** Exact below its cap; at the cap there are as many or more. */
const Count = z.int();

export const DeskOffice = z.object({
  code: z.string(),
  name: z.string(),
  /** Whether its row counts the offices below it too. */
  below: z.boolean(),
  people: Count,
  open: Count,
  /** Of them those whose case has a clock of the law that stands still. */
  stopped: Count,
  overdue: Count,
  /** Tasks that fall due on each of `days`. */
  due: z.array(Count),
});
export type DeskOffice = z.infer<typeof DeskOffice>;

export const DeskTask = z.object({
  taskId: z.string(),
  caseId: z.string(),
  number: z.string(),
  title: z.string(),
  subjectName: z.string(),
  stepName: z.string(),
  officeName: z.string(),
  holder: z.string().nullable(),
  dueOn: z.string(),
  /** Working days that it is over; null where the calendar doesn't say. */
  over: z.int().nullable(),
  /** Times it was urged. */
  urged: z.int(),
  /** What the case view offers on it, as far as it is done from here; null: not offered. */
  urge: Offer.nullable(),
  transfer: Offer.nullable(),
});
export type DeskTask = z.infer<typeof DeskTask>;

export const Desk = z.object({
  caps: z.object({ open: z.int(), overdue: z.int(), due: z.int() }),
  /** Today, or the next working day, and those after it: twenty, fewer where the calendar isn't loaded. */
  days: z.array(z.string()),
  /** By code; of more than the page shows the first. */
  offices: z.array(DeskOffice),
  /** The longest overdue first. */
  overdue: z.array(DeskTask),
});
export type Desk = z.infer<typeof Desk>;

export const DeskPeople = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string(), open: Count, overdue: Count })),
});
export type DeskPeople = z.infer<typeof DeskPeople>;
