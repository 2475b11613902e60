/** Who steps aside from whom. */
import { z } from 'zod';

const Day = z.iso.date();

export const AvoidanceBody = z
  .object({
    /** Absent: the caller. An administrator may declare it for somebody else. */
    person: z.uuid().optional(),
    /** An entry of a register: cases about it. */
    subject: z.object({ register: z.string().max(60), id: z.uuid() }).optional(),
    /** A person: cases that this one started. */
    other: z.uuid().optional(),
    ground: z.string().trim().min(1).max(500),
    from: Day,
    to: Day,
  })
  .refine(({ subject, other }) => (subject === undefined) !== (other === undefined), {
    path: ['subject'],
    message: 'Name either a subject or a person',
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'Ends before it begins' });

export const AvoidanceRow = z.object({
  id: z.string(),
  person: z.object({ id: z.string(), name: z.string() }),
  /** Name of the subject or person. */
  from: z.string(),
  ground: z.string(),
  fromDay: z.string(),
  toDay: z.string(),
  declaredBy: z.string(),
  declaredAt: z.string(),
});
export type AvoidanceRow = z.infer<typeof AvoidanceRow>;
export const AvoidanceList = z.object({ rows: z.array(AvoidanceRow) });
