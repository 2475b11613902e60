/** Handing a task on: to whom, and what for. */
import { z } from 'zod';

const Reason = z.string().trim().min(1).max(1000);
const Version = z.int();

/** What every list of tasks and cases is narrowed by. */
export const ListFilter = z.object({
  /** Words of number, title or subject, or initials of the subject's pinyin. */
  q: z.string().trim().max(100).optional(),
  flow: z.string().max(60).optional(),
  step: z.string().max(60).optional(),
  /** GB/T 2260; a city or province covers what lies below it. */
  division: z
    .string()
    .regex(/^\d{6}$/, '六位行政区划代码')
    .optional(),
  /** Days, both included. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  due: z.enum(['overdue', 'today', 'soon', 'later', 'none']).optional(),
});
export type ListFilter = z.infer<typeof ListFilter>;

export const TransferBody = z.object({ to: z.uuid(), reason: Reason, version: Version });
export const GiveBackBody = z.object({ opinion: z.string().max(4000).default(''), version: Version });
export const CopyBody = z.object({
  to: z.array(z.uuid()).min(1).max(50),
  note: z.string().trim().max(1000).default(''),
});
export const UrgeBody = z.object({ reason: z.string().trim().max(1000).default('') });

export const AddSignsBody = z.object({
  kind: z.enum(['before', 'parallel', 'after']),
  people: z.array(z.uuid()).min(1).max(20),
  reason: Reason,
  version: Version,
});
export const GiveSignBody = z.object({
  opinion: z.string().max(4000).default(''),
  /** Of somebody added after the decision. */
  agrees: z.boolean().optional(),
});

/** What became of a task that left somebody's list; null where nobody has taken or ended it. */
export const TaskFate = z.object({ became: z.object({ zh: z.string(), en: z.string() }).nullable() });

export const TaskPeopleQuery = z.object({
  act: z.enum(['transfer', 'delegate', 'copy', 'add-sign']).default('transfer'),
  q: z.string().trim().max(60).default(''),
});

/** Those whom a task may be handed to, and those who may not have it with the reason. */
export const TaskPeople = z.object({
  people: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      office: z.string(),
      reason: z.object({ zh: z.string(), en: z.string() }).optional(),
      /** Absent today, with who acts in this case meanwhile and the last day. */
      absent: z.object({ deputy: z.string(), until: z.string() }).optional(),
    }),
  ),
});
export type TaskPeople = z.infer<typeof TaskPeople>;
