/** What the api answers about cases and tasks; the same schemas check, document and type both sides. */
import { z } from 'zod';
import { CertificateState } from '../certificate-life.ts';
import { FileType } from '../flow/flow-json.ts';
import { DocumentView } from './documents.ts';
import { SampleLinks } from './guides.ts';

/** An action as the server offers it; the browser only draws it. */
export const Offer = z.object({
  action: z.string(), // decide:<outcome>, claim, release, withdraw, terminate …
  title: z.object({ zh: z.string(), en: z.string() }),
  enabled: z.boolean(),
  /** Why not, fact first, law if there is one. */
  reason: z.object({ zh: z.string(), en: z.string() }).optional(),
  primary: z.boolean().optional(),
  /** What this answer must bring: an opinion, a reason, pins. */
  needs: z.array(z.enum(['opinion', 'reason', 'pins', 'form', 'confirm'])).default([]),
  /** What happens to the clocks, written before it happens. */
  effect: z.object({ zh: z.string(), en: z.string() }).optional(),
});
export type Offer = z.infer<typeof Offer>;

export const ClockView = z.object({
  id: z.string(),
  title: z.string(),
  basis: z.string().nullable(),
  state: z.enum(['running', 'stopped', 'ended']),
  used: z.number().int(),
  total: z.number().int(),
  unit: z.enum(['WD', 'D', 'M', 'Y']),
  dueOn: z.string().nullable(),
  unknown: z.string().nullable(),
  provisional: z.boolean(),
  notCounted: z.number().int(),
  /** Each time that it stood, with the days that are not counted; `until` null: it still stands. */
  stops: z.array(
    z.object({
      from: z.string(),
      until: z.string().nullable(),
      days: z.number().int(),
      reason: z.string().nullable(),
    }),
  ),
  /** One entry per day for the ruler: u used, s stopped (not counted), f still free, o over. */
  ruler: z.string(),
  events: z.array(
    z.object({ kind: z.string(), at: z.string(), reason: z.string().nullable(), basis: z.string().nullable() }),
  ),
});
export type ClockView = z.infer<typeof ClockView>;

export const InboxRow = z.object({
  taskId: z.string(),
  caseId: z.string(),
  number: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  title: z.string(),
  subjectName: z.string(),
  divisionName: z.string().nullable(),
  step: z.string(),
  stepName: z.string(),
  stage: z.string().nullable(),
  state: z.enum(['open', 'deciding', 'blocked', 'held']),
  holder: z.object({ id: z.string(), name: z.string() }).nullable(),
  mine: z.boolean(),
  /** Somebody absent whose task it is; the reader stands in. */
  for: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** 0–100, 50 is usual. */
  priority: z.number().int(),
  arrivedAt: z.string(),
  dueOn: z.string().nullable(),
  /** Working days left; negative when over; null when unknown or no clock runs. */
  left: z.number().int().nullable(),
  clock: ClockView.pick({
    id: true,
    title: true,
    state: true,
    used: true,
    total: true,
    dueOn: true,
    unknown: true,
    ruler: true,
  }).nullable(),
  /** What may be done with several such tasks at once. */
  batch: z.object({
    outcomes: z.array(z.object({ id: z.string(), zh: z.string(), en: z.string(), primary: z.boolean() })),
    transfer: z.boolean(),
  }),
  tags: z.array(
    z.object({
      kind: z.enum(['over', 'soon', 'watch', 'note', 'ok', 'hold', 'void', 'run']),
      zh: z.string(),
      en: z.string(),
    }),
  ),
});
export type InboxRow = z.infer<typeof InboxRow>;

export const InboxPage = z.object({
  rows: z.array(InboxRow),
  next: z.string().nullable(),
  /** The search ended before the list did: `next` goes on there, whether rows were found or not. */
  capped: z.boolean(),
});
/** Exact up to 999; 1000 means more. */
export const InboxCounts = z.object({
  open: z.number().int(),
  overdue: z.number().int(),
  today: z.number().int(),
  soon: z.number().int(),
  /** Where the open tasks stand, for the filters; sorted by flow and the step's place in it. */
  steps: z
    .array(
      z.object({
        flow: z.string(),
        flowTitle: z.string(),
        step: z.string(),
        stepName: z.string(),
        count: z.number().int(),
      }),
    )
    .optional(),
});

export const DoneRow = z.object({
  decisionId: z.string(),
  caseId: z.string(),
  number: z.string(),
  title: z.string(),
  subjectName: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  step: z.string(),
  stepName: z.string(),
  outcome: z.string(),
  opinion: z.string().nullable(),
  by: z.object({ id: z.string(), name: z.string() }),
  /** The absent person in whose name it was decided. */
  for: z.object({ id: z.string(), name: z.string() }).nullable(),
  decidedAt: z.string(),
  state: z.enum(['held', 'queued', 'done', 'overtaken', 'blocked']),
  caseState: z.string(),
  caseResult: z.string().nullable(),
  /** Taking the decision back, where the step has that. */
  offers: z.array(Offer),
});

export const TimelineEntry = z.object({
  at: z.string(),
  occurredAt: z.string().nullable(),
  action: z.string(),
  zh: z.string(),
  en: z.string(),
  person: z.string().nullable(),
  role: z.string().nullable(),
  office: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  step: z.string().nullable(),
  stepName: z.string().nullable(),
  visit: z.number().int().nullable(),
  opinion: z.string().nullable(),
  reason: z.string().nullable(),
  article: z.string().nullable(),
  outcome: z.string().nullable(),
  hash: z.string(),
});

export const MaterialFile = z.object({
  id: z.string(),
  name: z.string(),
  size: z.number(),
  type: z.string(),
  uploadedAt: z.string(),
  replaced: z.boolean(),
  href: z.string(),
});
export type MaterialFile = z.infer<typeof MaterialFile>;
export const MaterialItem = SampleLinks.extend({
  item: z.string(),
  title: z.string(),
  required: z.boolean(),
  applies: z.boolean(),
  hint: z.string().nullable(),
  open: z.boolean(),
  /** Endings of the files that are taken, and how many at most. */
  types: z.array(FileType),
  max: z.number().int(),
  files: z.array(MaterialFile),
});
export type MaterialItem = z.infer<typeof MaterialItem>;

export const SheetPreview = z.object({
  name: z.string(),
  /** Cells as text, from the first row; at most 200 rows of 40 columns. */
  rows: z.array(z.array(z.string())),
  /** What the file has. */
  total: z.object({ rows: z.number().int(), columns: z.number().int(), sheets: z.number().int() }),
});
export type SheetPreview = z.infer<typeof SheetPreview>;

/** How a file that a browser does not show by itself can be looked at. */
export const FilePreview = z.object({
  /** `pdf` is at `/files/:file/preview.pdf`; `none`: it can be downloaded only. */
  kind: z.enum(['pdf', 'sheets', 'entries', 'none']),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /** Files that are made before this one. */
  ahead: z.number().int(),
  sheets: z.array(SheetPreview),
  /** Names of what an archive holds, the first 500. */
  entries: z.array(z.string()),
});
export type FilePreview = z.infer<typeof FilePreview>;

export const StepState = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  state: z.enum(['ahead', 'live', 'done', 'cancelled']),
  visits: z.array(
    z.object({
      /** How often the case had come here by then, within its thread. */
      visit: z.number().int(),
      /** Which of several threads, from 1; null outside of them. */
      thread: z.number().int().nullable(),
      enteredAt: z.string(),
      leftAt: z.string().nullable(),
      how: z.string().nullable(),
      by: z.string().nullable(),
      holder: z.string().nullable(),
    }),
  ),
});

/** A place that an officer pins for supplement or rectification. */
export const Pin = z.object({
  path: z.string().min(1).max(300),
  item: z.string().min(1).max(300),
  reason: z.string().min(1).max(2000),
  clause: z.string().max(40).optional(),
});
export type Pin = z.infer<typeof Pin>;

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

export const CaseView = z.object({
  id: z.string(),
  number: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  title: z.string(),
  subjectName: z.string(),
  subjectUscc: z.string().nullable(),
  office: z.object({ code: z.string(), name: z.string() }),
  divisionName: z.string().nullable(),
  state: z.enum(['starting', 'running', 'closed']),
  result: z.string().nullable(),
  resultTitle: z.string().nullable(),
  stage: z.string().nullable(),
  moving: z.boolean(),
  receivedAt: z.string(),
  acceptedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  starter: z.string(),
  form: z.string(),
  forms: z.array(z.object({ form: z.string(), title: z.string() })),
  tasks: z.array(TaskView),
  offers: z.array(Offer),
  /** Whether the reader watches it. */
  watched: z.boolean(),
  /** For staff. */
  answers: z.array(AnswersView),
  signs: z.array(SignView),
  clocks: z.array(ClockView),
  warnings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['error', 'warning', 'info']),
      /** Place in the application. */
      path: z.string(),
      zh: z.string(),
      en: z.string(),
      basis: z.string().nullable(),
      caseId: z.string().nullable().optional(),
    }),
  ),
  documents: z.array(DocumentView),
  materials: z.array(MaterialItem),
  certificates: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      version: z.number().int(),
      state: CertificateState,
      validTo: z.string(),
      href: z.string(),
      publicHref: z.string(),
    }),
  ),
  related: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      title: z.string(),
      state: z.string(),
      result: z.string().nullable(),
      resultTitle: z.string().nullable(),
      stage: z.string().nullable(),
      receivedAt: z.string(),
      /** Started by this case, or the one that started it; null: only about the same subject. */
      link: z.enum(['started', 'starter']).nullable(),
    }),
  ),
  incident: z.object({ code: z.string(), zh: z.string(), en: z.string() }).nullable(),
  /** For staff. */
  around: z
    .object({
      /** The electronic file in force, and where it is shown. */
      archive: z
        .object({ number: z.string(), version: z.number().int(), archivedAt: z.string(), href: z.string().nullable() })
        .nullable(),
      copies: z.array(
        z.object({
          person: z.string(),
          by: z.string(),
          note: z.string().nullable(),
          at: z.string(),
          read: z.boolean(),
        }),
      ),
      watchers: z.array(z.string()),
      /** What was sent to outside systems; `at`: answered, or else asked. */
      calls: z.array(
        z.object({
          id: z.string(),
          system: z.object({ zh: z.string(), en: z.string() }),
          message: z.object({ zh: z.string(), en: z.string() }),
          state: z.enum(['queued', 'answered', 'failed']),
          at: z.string(),
        }),
      ),
    })
    .nullable(),
});
export type CaseView = z.infer<typeof CaseView>;

export const FlowDrawing = z.object({ xml: z.string(), steps: z.array(StepState), taken: z.array(z.string()) });

/** How far a case is, as its applicant reads it: what people do in it, in the order in which it began. */
export const CaseProgress = z.object({
  steps: z.array(
    z.object({
      step: z.string(),
      name: z.string(),
      /** Whose turn it is or was: the applicant's, or the authority's. */
      mine: z.boolean(),
      enteredAt: z.string(),
      leftAt: z.string().nullable(),
      /** `undone`: ended by a return or another move. */
      state: z.enum(['open', 'done', 'undone']),
      /** Of the applicant's own steps: what they answered. */
      outcome: z.object({ zh: z.string(), en: z.string() }).nullable(),
      /** The step's own limit, and while it runs its last day. */
      limit: z.object({ zh: z.string(), en: z.string() }).nullable(),
      dueOn: z.string().nullable(),
    }),
  ),
});
export type CaseProgress = z.infer<typeof CaseProgress>;

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

/** What changed in the case's forms since the last return, or since the reader looked last, written as people read it. */
export const CaseChanges = z.object({
  /** Null: there was no return, or this is the first look. */
  since: z.string().nullable(),
  /** Fields, cells, rows that came or went, materials. */
  count: z.number().int(),
  /** `version`: with which one it is compared; null: the whole form is new. */
  forms: z.array(z.object({ form: z.string(), version: z.number().int().nullable(), count: z.number().int() })),
  /** The first 300, pinned places before others. */
  rows: z.array(
    z.object({
      form: z.string(),
      path: z.string(),
      where: z.object({ zh: z.string(), en: z.string() }),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});

export type CaseChanges = z.infer<typeof CaseChanges>;

export const OpinionBody = z.object({
  opinion: z.string().max(4000),
  /** `savedAt` of the text that this one was typed over; null: there was none. Saved elsewhere meanwhile: 409 `stale`. */
  seen: z.string().nullable().default(null),
});
export type OpinionBody = z.infer<typeof OpinionBody>;
export const OpinionAnswer = z.object({ savedAt: z.string() });

export const CaseRow = z.object({
  id: z.string(),
  number: z.string(),
  flow: z.string(),
  flowTitle: z.string(),
  title: z.string(),
  subjectName: z.string(),
  state: z.string(),
  result: z.string().nullable(),
  resultTitle: z.string().nullable(),
  stage: z.string().nullable(),
  steps: z.array(z.string()),
  receivedAt: z.string(),
  closedAt: z.string().nullable(),
  dueOn: z.string().nullable(),
  todo: z.object({ taskId: z.string(), stepName: z.string() }).nullable(),
});
export const CasePage = z.object({ rows: z.array(CaseRow), next: z.string().nullable() });
