/** What the api answers about drafts, forms, rows, materials and their checks. */
import { z } from 'zod';
import { MaterialItem } from './cases/index.ts';
import { SampleLinks } from './guides.ts';

/** In both languages. */
const Words = z.object({ zh: z.string(), en: z.string() });

export const Finding = z.object({
  /** JSON pointer without the leading slash: `uscc`, `capabilities`, `capabilities/<rowId>/standardNo`, `materials/quality-manual`. */
  path: z.string(),
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  zh: z.string(),
  en: z.string(),
  /** Law and article of the rule. */
  basis: z.string().nullable().default(null),
  /** Where a person finds it: group, table with row number, material. */
  where: z.object({ zh: z.string(), en: z.string(), group: z.string().nullable(), row: z.number().int().nullable() }),
  /** A repair that one click makes. */
  repair: z
    .object({ zh: z.string(), en: z.string(), set: z.record(z.string(), z.unknown()) })
    .nullable()
    .default(null),
});
export type Finding = z.infer<typeof Finding>;

export const TableState = z.object({
  count: z.number().int(),
  problems: z.number().int(),
  /** Rows that came, went or differ from the version compared with. */
  changed: z.number().int(),
});

export const FormView = z.object({
  owner: z.string(),
  form: z.string(),
  title: z.string(),
  version: z.number().int(),
  edits: z.number().int(),
  mode: z.enum(['edit', 'read']),
  /** `all`, or the pinned paths that may be changed. */
  open: z.union([z.literal('all'), z.array(z.string())]),
  schema: z.unknown(), // FormSchema of contracts/forms
  data: z.record(z.string(), z.unknown()),
  sources: z.record(z.string(), z.object({ zh: z.string(), en: z.string() })),
  tables: z.record(z.string(), TableState),
  materials: z.array(MaterialItem),
  /** Fields that differ from the version compared with (default: the one before): old values. */
  changed: z.record(z.string(), z.unknown()),
  /** Materials as they stood in the version compared with: ids of the files of each item; empty where there is none. */
  filesBefore: z.record(z.string(), z.array(z.string())),
  savedAt: z.string().nullable(),
  flow: z.string(),
  flowTitle: z.string(),
  caseId: z.string().nullable(),
  taskId: z.string().nullable(),
  /** The step in which it is filled, which conditions may read; null in a draft and for reading. */
  step: z.string().nullable(),
});
export type FormView = z.infer<typeof FormView>;

export const SaveBody = z.object({ edits: z.number().int(), set: z.record(z.string(), z.unknown()) });
export const SaveAnswer = z.object({
  edits: z.number().int(),
  savedAt: z.string(),
  findings: z.array(Finding),
  /** Values that the server worked out or put in order: computed fields, seals, names of what was chosen, what a choice fills. */
  computed: z.record(z.string(), z.unknown()),
  sources: z.record(z.string(), z.object({ zh: z.string(), en: z.string() })),
});

export const Row = z.object({
  id: z.string(),
  position: z.number().int(),
  data: z.record(z.string(), z.unknown()),
  findings: z.array(Finding),
  changed: z.record(z.string(), z.unknown()).optional(),
  /** The row went: it is in the version compared with only. */
  gone: z.literal(true).optional(),
  /** Counts the row's changes; sent back with the next one, which is refused when somebody else was faster. */
  edits: z.number().int().optional(),
  /** Rulings: the shown columns of the decided row. */
  of: z.record(z.string(), z.unknown()).optional(),
});
export type Row = z.infer<typeof Row>;
export const RowPage = z.object({ rows: z.array(Row), total: z.number().int(), next: z.string().nullable() });
/** Columns to write, null empties one; `after` is the row that a new one stands behind. */
export const RowBody = z.object({
  data: z.record(z.string(), z.unknown()),
  after: z.guid().nullable().optional(),
  edits: z.number().int().optional(),
});
export const BulkBody = z.object({
  rows: z.union([z.literal('all'), z.array(z.guid()).min(1).max(20_000)]),
  set: z.record(z.string(), z.unknown()),
});
export const BulkAnswer = z.object({ changed: z.number().int() });

/** What a person may choose for a field: people, offices, entries of a register. */
export const ChoiceList = z.object({
  rows: z.array(z.object({ id: z.string(), label: z.string(), note: z.string() })),
});
export type ChoiceList = z.infer<typeof ChoiceList>;

export const FileAnswer = z.object({ id: z.string(), name: z.string(), size: z.number().int(), type: z.string() });

export const ImportAnswer = z.object({
  imported: z.number().int(),
  updated: z.number().int(),
  /** Rows that are there already as the file has them. */
  unchanged: z.number().int(),
  faulty: z.number().int(),
  /** The faulty rows as Excel, with a column that says what to mend. */
  faultyFile: z.string().nullable(),
  /** The first thousand, by row. */
  errors: z.array(
    z.object({
      row: z.number().int(),
      column: z.string(),
      zh: z.string(),
      en: z.string(),
      value: z.unknown().optional(),
    }),
  ),
});

/** An import in the background: how far it is, and what came of it. */
export const ImportJob = z.object({
  id: z.string(),
  /** Name of the file. */
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  /** Rows checked, of so many; 0 of 0 while the file is being read. */
  done: z.number().int(),
  total: z.number().int(),
  answer: ImportAnswer.nullable(),
  /** Why nothing was imported. */
  problem: z.object({ zh: z.string(), en: z.string() }).nullable(),
});
export type ImportJob = z.infer<typeof ImportJob>;
export const LastImport = z.object({ job: ImportJob.nullable() });
export type LastImport = z.infer<typeof LastImport>;

export const CheckAnswer = z.object({
  findings: z.array(Finding),
  errors: z.number().int(),
  warnings: z.number().int(),
});

export const DraftRow = z.object({
  id: z.string(),
  flow: z.string(),
  flowTitle: Words,
  form: z.string(),
  state: z.string(),
  institution: z.string().nullable(),
  /** Entry of the subject that it is about. */
  subject: z.string().nullable(),
  updatedAt: z.string(),
  createdAt: z.string(),
  /** The last day on which it is kept, where nobody saves it before; null: for ever. */
  keptUntil: z.string().nullable(),
  missing: z.number().int().nullable(),
  /** The flow has a newer release than the one that the draft was begun with. */
  newer: z.boolean().default(false),
});

/** What a newer release of the flow asks for otherwise than the one that a draft was begun with. */
export const NewerForm = z.object({
  /** Empty where nothing that people fill in differs: then it is taken without asking. */
  differences: z.array(
    z.object({
      /** `uscc`, `capabilities`, `capabilities.limits`, `materials/quality-manual`. */
      path: z.string(),
      kind: z.enum(['added', 'removed', 'changed']),
      zh: z.string(),
      en: z.string(),
      /** What was entered there and does not fit any more, as people read it. */
      lost: z.string().nullable(),
    }),
  ),
});
export type NewerForm = z.infer<typeof NewerForm>;

/** A certificate that a case can be about. */
export const StartCertificate = z.object({
  id: z.string(),
  number: z.string(),
  /** Entry of the register that holds it. */
  institution: z.string(),
  validTo: z.string(),
});
export type StartCertificate = z.infer<typeof StartCertificate>;
export const StartCertificates = z.object({ rows: z.array(StartCertificate) });

/** A certificate that runs out soon, and the service that renews it. */
export const Renewal = z.object({
  certificate: StartCertificate.extend({ kindTitle: z.string(), holder: z.string() }),
  /** Days until its last day, that one included; 0: today is the last. */
  left: z.number().int(),
  /** Last day on which the renewal is to be applied for; null: any day before it runs out. */
  applyBy: z.string().nullable(),
  flow: z.string(),
  flowTitle: z.string(),
});
export type Renewal = z.infer<typeof Renewal>;
export const Renewals = z.object({ rows: z.array(Renewal) });

export const CatalogueItem = z.object({
  flow: z.string(),
  /** The register of those whom it can be about. */
  register: z.string(),
  title: Words,
  code: z.string(),
  summary: Words,
  legalBasis: z.array(z.string()),
  conditions: z.array(z.string()),
  /** Fen; 0 is free of charge. */
  fee: z.number().int(),
  /** `promised`: shorter than the statutory one. */
  limits: z.array(z.object({ title: Words, text: Words, promised: Words.nullable() })),
  materials: z.array(
    SampleLinks.extend({
      item: z.string(),
      title: Words,
      required: z.boolean(),
      hint: Words.nullable(),
    }),
  ),
  mayStart: z.boolean(),
  reason: z.object({ zh: z.string(), en: z.string() }).nullable(),
  /** For applicants: certificates that it may be about; null where it is about none. */
  certificates: z.array(StartCertificate).nullable(),
  /** It is about one certificate; staff ask for those of the subject that they chose. */
  aboutCertificate: z.boolean(),
  /** For staff: the register that the subject is chosen from, and the offices at which the person may start. */
  staff: z
    .object({ register: z.string(), offices: z.array(z.object({ code: z.string(), name: z.string() })) })
    .nullable()
    .default(null),
});
