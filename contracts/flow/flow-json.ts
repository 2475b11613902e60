/** `flow.json`: everything that is said once per flow; what is said per step stands in the model. */
import { z } from 'zod';
import { CertificateState } from '../certificate-life.ts';
import { parseLimit } from '../limits.ts';
import { Limit, Name, StepId, Text } from './text.ts';

/**
 * What starts or ends a clock: a step is `entered:` or `left:`, an `outcome:` was decided, a `boundary:` event fired,
 * a document was `served:`, the day in a `field:` of a form, or the case `ended`.
 */
export const Trigger = z.union([
  z.templateLiteral(['entered:', StepId]),
  z.templateLiteral(['left:', StepId]),
  z.templateLiteral(['boundary:', StepId]),
  z.templateLiteral(['served:', Name]),
  z.templateLiteral(['outcome:', StepId, '=', z.string().regex(/^[a-zA-Z][A-Za-z0-9]*$/)]),
  z.templateLiteral(['field:', Name, '.', z.string().regex(/^[a-z][A-Za-z0-9]*$/)]),
  z.literal('ended'),
]);
export type Trigger = z.infer<typeof Trigger>;

/**
 * A statutory limit. It starts at the first of `from` and ends at the first of `until`, and with the case in any case.
 * Steps stop it while they are open (`clock` of the step). Met again while it runs, `from` changes nothing.
 */
export const ClockDecl = z
  .strictObject({
    id: Name,
    title: Text,
    /** Law and article. */
    basis: z.string().min(1),
    limit: Limit,
    /** What the authority promises within it, in the same unit: applicants read it, the clock runs by `limit`. */
    promised: Limit.optional(),
    from: z.array(Trigger).min(1),
    until: z.array(Trigger).min(1),
    /**
     * What `from` met again after the clock has ended does: nothing, begins a new limit of full length, or goes on with
     * what was left (`resume`), where the end turned out to be none.
     */
    again: z.union([z.boolean(), z.literal('resume')]).default(false),
    extend: z.strictObject({ by: Limit, once: z.boolean(), basis: z.string().min(1) }).optional(),
    /**
     * What silence means: when the limit passes, the system decides `<step>=<outcome>` if the step is still open. It counts
     * as made when the limit ended (`due`), or on the day on which the limit began (`start`, Licensing Law 32(4)).
     */
    deemed: z
      .strictObject({
        outcome: z.templateLiteral([StepId, '=', z.string().regex(/^[a-z][A-Za-z0-9]*$/)]),
        at: z.enum(['due', 'start']).default('due'),
      })
      .optional(),
    /** Working days before the due day on which people are warned; absent: the setting. */
    warn: z.array(z.number().int().min(0)).optional(),
    /** Overdue working days after which the office above is told; absent: the setting. */
    escalate: z.number().int().min(0).optional(),
  })
  .refine(({ limit, promised }) => promised === undefined || isWithin(promised, limit), {
    path: ['promised'],
    message: '承诺时限与法定时限单位相同，且不长于它',
  });
export type ClockDecl = z.infer<typeof ClockDecl>;

/** Certificates run in days of the calendar. */
const CalendarLimit = Limit.refine((limit) => !limit.endsWith('WD'), '用自然日、周、月或者年，如 P6M');

function isWithin(promised: string, limit: string): boolean {
  const [a, b] = [parseLimit(promised), parseLimit(limit)];
  return a.unit === b.unit && a.count <= b.count;
}

export const FileType = z.enum(['pdf', 'ofd', 'jpg', 'png', 'docx', 'xlsx', 'zip']);
export type FileType = z.infer<typeof FileType>;

/** A file in `materials/` of the package, else of `workflows/shared`, at most `SAMPLE_MAX` bytes. */
export const SampleFile = z.string().regex(/^[a-z0-9][a-z0-9-]*\.(pdf|docx|xlsx|jpg|png)$/);
export const SAMPLE_MAX = 5 * 1024 * 1024;

/** A material that the applicant uploads. */
export const MaterialDecl = z.strictObject({
  id: Name,
  title: Text,
  required: z.boolean(),
  /** FEEL over the fields of the flow's form: the item applies only where it is true. */
  when: z.string().min(1).optional(),
  hint: Text.optional(),
  types: z.array(FileType).min(1),
  /** Most files of this item. */
  max: z.number().int().min(1).max(100),
  /** How it looks when it is filled in 样表. */
  sample: SampleFile.optional(),
  /** An empty form to fill in 空表. */
  blank: SampleFile.optional(),
});
export type MaterialDecl = z.infer<typeof MaterialDecl>;

/** Files that a material names. */
export const samplesOf = ({ sample, blank }: Pick<MaterialDecl, 'sample' | 'blank'>): string[] =>
  [sample, blank].filter((name) => name !== undefined);

/** What the public page of the service item says in plain words. */
export const Guide = z.strictObject({
  /** Who may apply. */
  who: Text,
  /** What happens one after the other, and who does it. */
  steps: z.array(z.strictObject({ title: Text, text: Text })).min(1),
});
export type Guide = z.infer<typeof Guide>;

export const FlowJson = z.strictObject({
  id: Name,
  /** Code of the service item in the national catalogue. */
  code: z.string().min(1),
  title: Text,
  summary: Text,
  guide: Guide.optional(),
  case: z.strictObject({
    /** A rule of `templates/numbers.json`. */
    numberRule: z.string().min(1),
    /** `{applicant}` is the institution or person who applies, any other `{field}` a field of the flow's form. */
    title: z.string().min(1),
    /**
     * Level of the office that handles it: the nearest one upwards from the subject's division. `starter`: the office
     * where whoever starts it holds the role.
     */
    office: z.enum(['province', 'city', 'county', 'starter']).default('province'),
  }),
  /** Whom the case is about: an entry of this register; the form is filled from it. */
  subject: z.strictObject({ register: Name }),
  /** Form with which the subject evaluates the closed case, once. */
  evaluation: Name.optional(),
  /** The form that is filled in before the case starts. */
  form: Name,
  /** Its field with the contact's mobile: who has that phone may look up the case without an account. */
  contact: z.string().min(1).optional(),
  start: z.strictObject({
    /** `applicant`, and roles of staff: their holders start the case at their office about a subject that they choose. */
    roles: z.array(z.string().min(1)).min(1),
    /** Checks of the topic `validate` that refuse a start already. */
    check: z.array(z.string().min(1)).default([]),
  }),
  /** At most one open case of this flow per subject or certificate. */
  exclusive: z.enum(['subject', 'certificate']).optional(),
  /** The case is about one certificate of its subject, chosen when it starts, in one of these states. */
  certificate: z
    .strictObject({
      register: z.literal('certificate'),
      of: z.literal('subject'),
      states: z.array(CertificateState).min(1),
      /** Kind of its layout; absent: any. */
      kind: Name.optional(),
      /**
       * The case renews it: from `window` before its last day on, its holder is asked to; by `until` before that day it is
       * to be applied for.
       */
      renews: z.strictObject({ window: CalendarLimit, until: CalendarLimit.optional() }).optional(),
    })
    .optional(),
  withdraw: z.strictObject({ title: Text, until: z.array(StepId).min(1), exit: StepId }).optional(),
  terminate: z.strictObject({ title: Text, exit: StepId, groups: z.array(z.string().min(1)).min(1) }).optional(),
  /** When the authority has accepted the case: the day that stands on documents and lists. */
  accepted: Trigger.optional(),
  /** Of its cases in lists, 0–100, higher is more urgent; absent: 50, as the engine has it. */
  priority: z.int().min(0).max(100).optional(),
  legalBasis: z.array(z.string().min(1)).min(1),
  conditions: z.array(z.string().min(1)),
  /** Fen, as text; `"0"` is free of charge. */
  fee: z.string().regex(/^\d+$/),
  clocks: z.array(ClockDecl),
  materials: z.array(MaterialDecl),
  /** Decision tables of `workflows/shared/tables` that belong to this flow too, by file name. */
  shared: z.strictObject({ tables: z.array(Name) }).optional(),
});
export type FlowJson = z.infer<typeof FlowJson>;
