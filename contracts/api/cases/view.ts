/** One case on one screen. */
import { z } from 'zod';
import { CertificateState } from '../../certificate-life.ts';
import { DocumentView } from '../documents.ts';
import { ClockView } from './clocks.ts';
import { CaseRow } from './list.ts';
import { MaterialItem } from './materials.ts';
import { Offer } from './offers.ts';
import { TaskView, SignView, AnswersView } from './tasks.ts';

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
      /** For its holder, who has not opened it: the document as which it was served. */
      unopened: z.string().nullable(),
    }),
  ),
  related: z.array(
    CaseRow.pick({
      id: true,
      number: true,
      title: true,
      state: true,
      result: true,
      resultTitle: true,
      stage: true,
      receivedAt: true,
    }).extend({
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
