/** Deciding a task: pins, the opinion while it is written, the decision. */
import { z } from 'zod';

/** A place that an officer pins for supplement or rectification. */
export const Pin = z.object({
  path: z.string().min(1).max(300),
  item: z.string().min(1).max(300),
  reason: z.string().min(1).max(2000),
  clause: z.string().max(40).optional(),
});
export type Pin = z.infer<typeof Pin>;

export const DecideBody = z.object({
  outcome: z.string().min(1).max(60),
  opinion: z.string().max(4000).default(''),
  /** Version of the task that the person saw. */
  version: z.number().int(),
  pins: z.array(Pin).max(500).default([]),
  reason: z.string().max(4000).optional(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
});

export const DecideAnswer = z.object({
  decisionId: z.string(),
  state: z.enum(['done', 'queued', 'held', 'overtaken', 'blocked']),
  message: z.object({ zh: z.string(), en: z.string() }),
  caseId: z.string(),
});
export type DecideAnswer = z.infer<typeof DecideAnswer>;

export const OpinionBody = z.object({
  opinion: z.string().max(4000),
  /** `savedAt` of the text that this one was typed over; null: there was none. Saved elsewhere meanwhile: 409 `stale`. */
  seen: z.string().nullable().default(null),
});
export type OpinionBody = z.infer<typeof OpinionBody>;

export const OpinionAnswer = z.object({ savedAt: z.string() });
