/** Handing a task on: to whom, and what for. */
import { z } from 'zod';

const Reason = z.string().trim().min(1).max(1000);
const Version = z.int();

export const TransferBody = z.object({ to: z.uuid(), reason: Reason, version: Version });
export const GiveBackBody = z.object({ opinion: z.string().max(4000).default(''), version: Version });
export const CopyBody = z.object({
  to: z.array(z.uuid()).min(1).max(50),
  note: z.string().trim().max(1000).default(''),
});
export const UrgeBody = z.object({ reason: z.string().trim().max(1000).default('') });

export const TaskPeopleQuery = z.object({
  act: z.enum(['transfer', 'delegate', 'copy']).default('transfer'),
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
    }),
  ),
});
export type TaskPeople = z.infer<typeof TaskPeople>;
