/** Moves of a case as people see them before they happen: exits, returns, migrations. */
import { z } from 'zod';
import { Pin } from './cases/index.ts';

const Said = z.object({ zh: z.string(), en: z.string() });

/** One thing that an exit (withdrawal, termination) does, shown before it happens. */
export const MoveEffect = z.object({
  kind: z.enum(['cancel', 'keep', 'start', 'clock', 'tell']),
  /** What it happens to: a step, a document, a clock, a person. */
  what: Said,
  who: z.string().nullable(),
  note: Said.nullable(),
  /** Step of the model, to mark it in the drawing. */
  step: z.string().nullable(),
});
export const ExitView = z.object({
  action: z.string(), // withdraw, terminate: as in the case's offers
  title: Said,
  /** Signature of the state that the plan was made for; sent back, and refused with `tree-changed` when it is old. */
  plan: z.string(),
  plannedAt: z.string(),
  effects: z.array(MoveEffect),
});
/** A step to which a task can be sent back, with what that does. */
export const ReturnTarget = z.object({
  to: z.string(),
  title: Said,
  enabled: z.boolean(),
  reason: Said.optional(),
  /** The form that the step changes; its parts can be pinned. */
  form: z.string().nullable(),
  /** `straight-back` only where what ends can be started again where it was. */
  modes: z.array(z.enum(['replay', 'straight-back'])),
  /** Signature of the state that the plan was made for; sent back, and refused with `tree-changed` when it is old. */
  plan: z.string(),
  plannedAt: z.string(),
  effects: z.array(MoveEffect),
});
export type ReturnTarget = z.infer<typeof ReturnTarget>;
export const ReturnTargets = z.object({ targets: z.array(ReturnTarget) });
export const ReturnBody = z.object({
  to: z.string().min(1).max(100),
  mode: z.enum(['replay', 'straight-back']).default('replay'),
  reason: z.string().min(1).max(4000),
  plan: z.string().optional(),
  pins: z.array(Pin).max(500).default([]),
});
export type ReturnBody = z.infer<typeof ReturnBody>;

/** What taking a decision of one's own back does. */
export const TakeBackView = ExitView.pick({ plan: true, plannedAt: true, effects: true });
export type TakeBackView = z.infer<typeof TakeBackView>;
export const TakeBackBody = z.object({ plan: z.string().optional() }).default({});

/** What a migration of a running case to the newest release of its flow changes for it. */
export const Migration = z.object({
  /** Versions of the releases. */
  from: z.number().int(),
  to: z.number().int(),
  /** Signature of the state that the plan was made for; sent back, and refused with `tree-changed` when it is old. */
  plan: z.string(),
  plannedAt: z.string(),
  changes: z.array(
    z.object({
      step: z.string(),
      name: z.string(),
      /** `open`: a step that is open now, with what is different about it; `new` and `gone`: steps of the model. */
      kind: z.enum(['open', 'new', 'gone']),
      what: z.array(Said),
    }),
  ),
  /** Why the case can't be migrated, each with the step where it would be stuck; empty: it can. */
  refused: z.array(Said.extend({ step: z.string() })),
});
export type Migration = z.infer<typeof Migration>;
/** A running case that is not on the newest release of its flow. */
export const OutdatedCase = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  subjectName: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  stage: z.string().nullable(),
  receivedAt: z.string(),
  /** Versions of the releases. */
  from: z.number().int(),
  to: z.number().int(),
});
export type OutdatedCase = z.infer<typeof OutdatedCase>;
export const OutdatedCasePage = z.object({ rows: z.array(OutdatedCase), next: z.string().nullable() });
export const MigrationBody = z.object({ reason: z.string().min(1).max(4000), plan: z.string().optional() });
export type MigrationBody = z.infer<typeof MigrationBody>;

export const Exits = z.object({ exits: z.array(ExitView) });
export const ExitBody = z.object({ reason: z.string().min(1).max(4000), plan: z.string().optional() });
