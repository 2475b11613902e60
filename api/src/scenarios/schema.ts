/** The form of `scenarios/*.scenario.yaml` (architecture 9). */
import { z } from 'zod';
import { Limit } from '../../../contracts/flow.ts';

const Values = z.record(z.string(), z.unknown());

/** What a person enters into a form, in this order. */
export const entriesShape = {
  /** JSON files below the package with `fields` and `tables`. */
  fill: z.array(z.string()).default([]),
  /** Columns that are set in all rows of a table. */
  all: z.record(z.string(), Values).default({}),
  /** New rows of a table. */
  rows: z.record(z.string(), z.array(Values)).default({}),
  /** Columns that are set in the rows that have these values (of rulings: whose decided row has them). */
  change: z.record(z.string(), z.array(z.strictObject({ where: Values, set: Values }))).default({}),
  /** Fields; `checklist.c5` sets one item of a check list. */
  set: Values.default({}),
  /** Materials that a file is uploaded for; `all` that are required. */
  materials: z.union([z.literal('all'), z.array(z.string())]).default([]),
};
export type Entries = z.infer<z.ZodObject<typeof entriesShape>>;

const Pin = z.strictObject({
  path: z.string(),
  item: z.string(),
  reason: z.string(),
  clause: z.string().optional(),
});

const Decision = z.strictObject({
  outcome: z.string(),
  opinion: z.string().default(''),
  reason: z.string().optional(),
  pins: z.array(Pin).default([]),
  ...entriesShape,
});
export type Decision = z.infer<typeof Decision>;

/** A task sent back to an earlier step. */
const Return = z.strictObject({
  /** Id of the step, or its Chinese name. */
  to: z.string(),
  mode: z.enum(['replay', 'straight-back']).default('replay'),
  reason: z.string(),
  pins: z.array(Pin).default([]),
});
export type Return = z.infer<typeof Return>;

/** To whom a task is handed, by name. */
const HandOver = z.strictObject({ to: z.string(), reason: z.string() });

const act = {
  by: z.string(),
  /** Id of the step, or its Chinese name. */
  at: z.string().optional(),
  decide: Decision.optional(),
  return: Return.optional(),
  /** Id of a step, or its Chinese name: the person's last decision there. */
  'take-back': z.string().optional(),
  /** Reason. */
  withdraw: z.string().optional(),
  terminate: z.string().optional(),
  /** A part on demand that the person starts, by the id of its first step. */
  part: z.strictObject({ step: z.string(), reason: z.string() }).optional(),
  /** Id of a document that the person opens. */
  open: z.string().optional(),
  claim: z.literal(true).optional(),
  /** What is typed and stays a draft. */
  opinion: z.string().optional(),
  transfer: HandOver.optional(),
  delegate: HandOver.optional(),
  copy: z.strictObject({ to: z.array(z.string()), note: z.string() }).optional(),
  /** People who are asked for their opinion, by name. */
  'add-sign': z
    .strictObject({ kind: z.enum(['before', 'parallel', 'after']), to: z.array(z.string()).min(1), reason: z.string() })
    .optional(),
  /** The opinion that the person was asked for. */
  sign: z.strictObject({ opinion: z.string().default(''), agrees: z.boolean().optional() }).optional(),
  /** Reason. */
  urge: z.string().optional(),
  /** How a document is sent to its addressee; what else stands here is the request's body. */
  serve: z.looseObject({ document: z.string(), way: z.string() }).optional(),
  /** How the post ended; likewise. */
  posted: z.looseObject({ document: z.string(), outcome: z.string() }).optional(),
  /** A change of the case's certificate from its card. */
  certificate: z
    .strictObject({ change: z.string(), ground: z.string(), article: z.string(), until: z.string().optional() })
    .optional(),
  /** What is entered into the form of the evaluation. */
  evaluate: Values.optional(),
};
const KINDS = [
  'decide',
  'return',
  'take-back',
  'withdraw',
  'terminate',
  'part',
  'open',
  'claim',
  'opinion',
  'transfer',
  'delegate',
  'copy',
  'add-sign',
  'sign',
  'urge',
  'serve',
  'posted',
  'certificate',
  'evaluate',
] as const;
const oneKind = (value: Record<string, unknown>) => KINDS.filter((kind) => value[kind] !== undefined).length === 1;
const ONE_KIND = `one of ${KINDS.join(', ')} is needed`;

export const Act = z.strictObject(act).refine(oneKind, ONE_KIND);
export type Act = z.infer<typeof Act>;

const ClockExpectation = z.strictObject({
  state: z.enum(['running', 'stopped', 'ended']).optional(),
  used: z.number().int().optional(),
  total: z.number().int().optional(),
  notCounted: z.number().int().optional(),
  due: z.string().optional(),
});

/** Texts between slashes are patterns. What is not named is not looked at. */
export const Expectation = z.strictObject({
  /** Who looks; default whoever acted last. */
  by: z.string().optional(),
  /** `running`, or the result of a closed case. */
  case: z.string().optional(),
  stage: z.string().optional(),
  /** Ids of the steps that wait for somebody, all of them. */
  open: z.array(z.string()).optional(),
  clocks: z.record(z.string(), z.union([z.enum(['running', 'stopped', 'ended']), ClockExpectation])).optional(),
  /** Ids of documents that are there. */
  documents: z.array(z.string()).optional(),
  /** Documents of which the addressee's opening is proven. */
  served: z.array(z.string()).optional(),
  'message-to': z.strictObject({ who: z.string(), title: z.string() }).optional(),
  /** As the public sees it. */
  certificate: z
    .strictObject({
      number: z.string().optional(),
      valid: Limit.optional(),
      /** Last day. */
      until: z.iso.date().optional(),
      version: z.number().int().optional(),
      state: z.string().optional(),
      /** Annex → number of rows. */
      annexes: z.record(z.string(), z.number().int()).optional(),
    })
    .optional(),
  /** Child table of the subject's register entry → number of rows. */
  register: z.record(z.string(), z.number().int()).optional(),
  /** Register → fields of its entry about the subject. */
  entries: z.record(z.string(), Values).optional(),
  /** Register of the subject → titles of what its file has of this case, among others. */
  archived: z.record(z.string(), z.array(z.string())).optional(),
  /** Title of what everybody can read on the list page. */
  published: z.string().optional(),
  /** Codes of what the validation says, all of them. */
  warnings: z.array(z.string()).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

export const steps = {
  act: Act,
  pass: z.strictObject({ pass: Limit }),
  expect: z.strictObject({ expect: Expectation }),
  refused: z.strictObject({ refused: z.strictObject({ ...act, code: z.string() }).refine(oneKind, ONE_KIND) }),
};
export type Step =
  | { kind: 'act'; act: Act }
  | { kind: 'pass'; limit: Limit }
  | { kind: 'expect'; expect: Expectation }
  | { kind: 'refused'; act: Act; code: string };

export const Scenario = z.strictObject({
  title: z.string().min(1),
  /** Requirements that it shows. */
  covers: z.array(z.string().regex(/^[A-Z]{3}-\d+(\.\d+)?$/)).min(1),
  /** Day on which it begins, at 09:00 in Shanghai. */
  on: z.iso.date(),
  /** Scenario of another flow that comes first, in the same world: `cma-initial/granted`. */
  after: z
    .string()
    .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)
    .optional(),
  start: z.strictObject({
    by: z.string(),
    /** Where staff start it: name of the register entry that the case is about. */
    about: z.string().optional(),
    ...entriesShape,
  }),
  steps: z.array(z.unknown()).min(1),
});
