/** Who is absent and who acts for them meanwhile. */
import { z } from 'zod';

const Day = z.iso.date();
const Named = z.object({ id: z.string(), name: z.string() });

export const AbsenceBody = z
  .object({
    /** Absent: the caller. An administrator may declare it for the people of the office. */
    person: z.uuid().optional(),
    deputy: z.uuid(),
    from: Day,
    to: Day,
    /** Flows to which it is limited; null: all. */
    flows: z.array(z.string().max(60)).min(1).max(200).nullable().default(null),
    /** Divisions (GB/T 2260), each with what lies below it; null: all. */
    divisions: z
      .array(z.string().regex(/^\d{6}$/))
      .min(1)
      .max(200)
      .nullable()
      .default(null),
    note: z.string().trim().max(500).default(''),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'Ends before it begins' });

export const AbsenceRow = z.object({
  id: z.string(),
  person: Named,
  deputy: Named,
  from: z.string(),
  to: z.string(),
  flows: z.array(z.object({ id: z.string(), title: z.string() })).nullable(),
  divisions: z.array(z.object({ code: z.string(), name: z.string() })).nullable(),
  note: z.string().nullable(),
  state: z.enum(['ahead', 'now', 'past', 'ended']),
  /** Days on which the deputy is absent too: nobody acts then. */
  gaps: z.array(z.object({ from: z.string(), to: z.string() })),
  declaredBy: z.string(),
  declaredAt: z.string(),
  /** The caller may end it. */
  mayEnd: z.boolean(),
});
export type AbsenceRow = z.infer<typeof AbsenceRow>;

/** Own absences, those in which the caller acts, and those of the people whom the caller administers. */
export const AbsenceList = z.object({ rows: z.array(AbsenceRow) });
export type AbsenceList = z.infer<typeof AbsenceList>;

export const AbsencePeopleQuery = z.object({
  for: z.enum(['person', 'deputy']),
  q: z.string().trim().max(60).default(''),
});
export const AbsencePeople = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string(), office: z.string() })),
});
export type AbsencePeople = z.infer<typeof AbsencePeople>;
