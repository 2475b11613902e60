/** What the model says about a step: `camunda:properties` as they are written, and the step that is made from them. */
import { z } from 'zod';
import { Limit, Name, StepId } from './text.ts';

export const Need = z.enum(['opinion', 'reason', 'pins', 'form', 'confirm']);
export type Need = z.infer<typeof Need>;

/** One answer to a task. Deciding writes its id into `<step>_outcome`. */
export const Outcome = z.strictObject({
  id: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  zh: z.string().min(1),
  en: z.string().min(1),
  /** What the answer must bring. */
  needs: z.array(Need).default([]),
  /** At most once per case; `basis` says why. */
  once: z.boolean().optional(),
  /** Law and article. */
  basis: z.string().min(1).optional(),
  kind: z.enum(['primary', 'negative', 'plain']).optional(),
  /** With `quorum: all`: the first such answer ends the step. */
  stops: z.boolean().optional(),
  /** What the step ends with when its answerers can no longer agree. */
  otherwise: z.boolean().optional(),
  /** In a part `on-demand: extend:<clock>`: this answer extends the clock. */
  extends: z.boolean().optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** What a step does to a clock of the flow while it is open. */
export const ClockUse = z.strictObject({
  clock: Name,
  op: z.enum(['run', 'stop']),
  /** Why it stops, such as `technical-review`. */
  reason: z.string().optional(),
});
export type ClockUse = z.infer<typeof ClockUse>;

/** Texts of a step's `camunda:properties`. A work step has its topic's inputs beside them. */
export const StepProperties = z.object({
  /** Comma list of what a task offers besides its outcomes. */
  actions: z.string().optional().describe('操作：除结论外提供的操作，用逗号分开，如 return, transfer'),
  /** Comma list of steps to which the action `return` may send the case. */
  returnTo: z.string().optional().describe('可退回到的环节：用逗号分开'),
  /** Form that the step may change: `application`, or `application:pinned` for the pinned places only. */
  edits: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(:pinned)?$/)
    .optional()
    .describe('可修改的表单：写表单，或 表单:pinned 只改钉住的位置'),
  /** JSON list of `Outcome`. */
  outcomes: z.string().optional().describe('结论：JSON 列表，每项有 id、zh、en'),
  /** `decision=stop:technical-review; review=run`. */
  clock: z.string().optional().describe('时限：环节打开时怎样，如 decision=stop:technical-review; review=run'),
  /** A clock of the step's own; its id in the case is `step:<step>:<visit>`. */
  limit: Limit.optional().describe('本环节时限，如 P5WD 工作日、P7D 自然日'),
  stage: z.string().optional().describe('阶段：打开时办件处于哪个阶段'),
  /** The step has no incoming flow; a move starts it and the case ends with this result. */
  exit: z.string().optional().describe('出口：没有流入的连线，转到这里后办件以此结果办结'),
  /** The step has no incoming flow; a move starts it beside the main flow and cancels nothing. */
  'on-demand': z.string().optional().describe('按需启动：没有流入的连线，与主流程并行'),
  /** Comma list of roles (`applicant` too) that may start the part; absent: whoever may take an open task of the case. */
  'on-demand-by': z.string().optional().describe('谁可以启动：岗位用逗号分开，可写 applicant；不写为能办本件待办的人'),
  /** Comma list of steps whose deciders may not decide here. */
  'not-same-as': z.string().optional().describe('不同人办理：这些环节的经办人不得办本环节，用逗号分开'),
  instruction: z.string().optional().describe('办理说明'),
  /** `districts=recall-report.districts; level=report.level`: at the decision the field's value becomes the variable. */
  sets: z.string().optional().describe('记入变量：变量=表单.字段，用分号分开'),
  /** Whose answers finish a visit: `one` (also where absent), `any`, `all`, `share(0.6)`. */
  quorum: z
    .string()
    .regex(/^(one|any|all|share\((0?\.\d{1,4}|1(\.0+)?)\))$/)
    .optional()
    .describe('几人表态：one、any、all 或 share(0.6)'),
  /** Who has to answer: `groups`, each named group once, or `people:<form>.<field>`. */
  answerers: z
    .string()
    .regex(/^(groups|people:[a-z][a-z0-9-]*\.[a-z][A-Za-z0-9]*)$/)
    .optional()
    .describe('由谁表态：groups 每个岗位一人，或 people:表单.字段'),
});
export type StepProperties = z.infer<typeof StepProperties>;

/** A field of a form whose value becomes a process variable at the decision. */
export const Setting = z.strictObject({
  variable: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  form: Name,
  field: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
});
export type Setting = z.infer<typeof Setting>;

/** Who must speak in a step, and when that is enough (RULES, Answers). */
export const Quorum = z.strictObject({
  rule: z.enum(['any', 'all', 'share']),
  /** Of `share`: the part of all answerers that has to give one outcome, above 0 and at most 1. */
  share: z.number().gt(0).max(1).optional(),
  /** People named in a field by an earlier step; absent: one answer for each candidate group. */
  people: z.strictObject({ form: Name, field: z.string() }).optional(),
});
export type Quorum = z.infer<typeof Quorum>;

/** A step as everything but the engine sees it. */
export const Step = z.strictObject({
  id: StepId,
  name: z.strictObject({ zh: z.string().min(1) }),
  type: z.enum(['user', 'work', 'receive']),
  topic: z.string().optional(),
  /** Candidates: `role`, or `role@office`. */
  groups: z.array(z.string()),
  form: Name.optional(),
  edits: z.strictObject({ form: Name, open: z.enum(['all', 'pinned']) }).optional(),
  outcomes: z.array(Outcome),
  actions: z.array(z.string()),
  /** Where the action `return` may send the case. */
  returnTo: z.array(StepId).optional(),
  clock: z.array(ClockUse),
  limit: Limit.optional(),
  stage: z.string().optional(),
  exit: z.string().optional(),
  onDemand: z.string().optional(),
  /** Roles that may start the part; absent: whoever may take an open task of the case. */
  onDemandBy: z.array(z.string()).optional(),
  notSameAs: z.array(StepId),
  instruction: z.string().optional(),
  sets: z.array(Setting).optional(),
  /** Absent: the first decision of a candidate finishes the visit. */
  quorum: Quorum.optional(),
  /** Boundary timers of the step: fired at the end of a clock of the flow, or of `step`, the step's own limit. */
  timers: z.array(z.strictObject({ boundary: StepId, clock: Name })),
  /** Inputs of the topic, by name. */
  input: z.record(z.string(), z.string()),
});
export type Step = z.infer<typeof Step>;

/** Id of a step without the calls around it: `supply` of `supplement__supply`. */
export const nameInBlock = (step: string): string => step.split('__').at(-1)!;

/** The clock that a part on demand may extend: `on-demand: extend:<clock>`. */
export const clockOfPart = (onDemand: string | undefined): string | undefined =>
  /^extend:(.+)$/.exec(onDemand ?? '')?.[1];
