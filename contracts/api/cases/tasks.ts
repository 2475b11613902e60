/** An open task within its case, and whose opinions and answers it gathers. */
import { z } from 'zod';
import { Pin } from './deciding.ts';
import { Offer } from './offers.ts';

export const TaskView = z.object({
  id: z.string(),
  step: z.string(),
  stepName: z.string(),
  state: z.enum(['open', 'deciding', 'blocked', 'held']),
  version: z.number().int(),
  holder: z.object({ id: z.string(), name: z.string() }).nullable(),
  mine: z.boolean(),
  /** The absent person in whose name the caller acts on it. */
  for: z.object({ id: z.string(), name: z.string() }).nullable(),
  instruction: z.string().nullable(),
  form: z.string().nullable(),
  edits: z.string().nullable(),
  offers: z.array(Offer),
  pins: z.array(Pin),
  draft: z.object({ opinion: z.string(), savedAt: z.string() }).nullable(),
  message: z.object({ zh: z.string(), en: z.string() }).nullable(),
});
export type TaskView = z.infer<typeof TaskView>;

/** Somebody added to a task for an opinion on it. */
export const SignView = z.object({
  id: z.string(),
  taskId: z.string(),
  stepName: z.string(),
  visit: z.number().int(),
  kind: z.enum(['before', 'parallel', 'after']),
  person: z.string(),
  addedBy: z.string(),
  reason: z.string(),
  /** `void`: the task ended otherwise before the opinion was given. */
  state: z.enum(['waiting', 'open', 'given', 'removed', 'void']),
  agrees: z.boolean().nullable(),
  opinion: z.string().nullable(),
  /** The deputy who gave it in the person's name. */
  givenBy: z.string().nullable(),
  at: z.string(),
  remove: Offer.nullable(),
});
export type SignView = z.infer<typeof SignView>;

/** Who was asked in one visit of a step where several answer, and what they said. */
export const AnswersView = z.object({
  taskId: z.string(),
  stepName: z.string(),
  visit: z.number().int(),
  /** When the answers are enough. */
  rule: z.object({ zh: z.string(), en: z.string() }),
  /** What the answers came to; null while they are awaited. */
  concluded: z.string().nullable(),
  rows: z.array(
    z.object({
      /** A role at its office, or a person. */
      asked: z.string(),
      mine: z.boolean(),
      person: z.string().nullable(),
      /** The absent person in whose name it was given. */
      onBehalfOf: z.string().nullable(),
      outcome: z.string().nullable(),
      opinion: z.string().nullable(),
      at: z.string().nullable(),
      /** Given in a visit that was undone. */
      void: z.boolean(),
    }),
  ),
});
export type AnswersView = z.infer<typeof AnswersView>;
