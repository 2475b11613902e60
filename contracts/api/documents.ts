/** Documents of a case and their service: what the api answers, and what an officer records about it. */
import { z } from 'zod';

export const ServiceWay = z.enum(['electronic', 'post', 'person', 'announcement']);
export type ServiceWay = z.infer<typeof ServiceWay>;

/** What may be done about a service now: send it (again, or in another way), tell how the post ended, add the scan. */
export const ServiceAction = z.enum(['send', 'deliver', 'return', 'evidence']);
export type ServiceAction = z.infer<typeof ServiceAction>;

/** One attempt to serve a document on one addressee; `replaced` is one that another way took the place of. */
export const ServiceView = z.object({
  id: z.string(),
  addressee: z.string(),
  role: z.enum(['addressee', 'copy']),
  /** Null: nobody has sent it yet. */
  way: ServiceWay.nullable(),
  state: z.enum(['waiting', 'sent', 'served', 'returned', 'replaced']),
  sentAt: z.string().nullable(),
  servedAt: z.string().nullable(),
  /** When an announcement counts as served. */
  dueAt: z.string().nullable(),
  address: z.string().nullable(),
  tracking: z.string().nullable(),
  /** Why it came back, or how a receipt was given. */
  note: z.string().nullable(),
  evidence: z.string().nullable(),
  actions: z.array(ServiceAction),
});
export type ServiceView = z.infer<typeof ServiceView>;

export const DocumentView = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  number: z.string().nullable(),
  version: z.number().int(),
  state: z.string(),
  madeAt: z.string().nullable(),
  signed: z.boolean(),
  /** People can sign it by hand. */
  signable: z.boolean(),
  href: z.string(),
  /** Service on the first addressee, as it stands. */
  service: z
    .object({
      way: ServiceWay.nullable(),
      addressee: z.string(),
      sentAt: z.string().nullable(),
      servedAt: z.string().nullable(),
    })
    .nullable(),
  /** All addressees and copies, each attempt; an applicant sees the own ones. */
  services: z.array(ServiceView),
});
export type DocumentView = z.infer<typeof DocumentView>;

/** A document as its addressee finds it. Its first opening is its service, so before that there is only what it is. */
export const ReceivedDocument = z.object({
  id: z.string(),
  title: z.string(),
  number: z.string().nullable(),
  version: z.number().int(),
  addressee: z.string(),
  /** A copy has no legal effect. */
  role: z.enum(['addressee', 'copy']),
  /** When it was sent to the reader's account; null for what came on paper. */
  sentAt: z.string().nullable(),
  /** When service took effect; null before. */
  servedAt: z.string().nullable(),
  /** When it counts as served although nobody opened it; null where it was served, or never does. */
  deemedAt: z.string().nullable(),
  /** Its case, where the reader may see it. */
  case: z.object({ id: z.string(), number: z.string(), title: z.string() }).nullable(),
  href: z.string(),
});
export type ReceivedDocument = z.infer<typeof ReceivedDocument>;
/** What was sent and nobody has opened, oldest first. */
export const UnopenedDocuments = z.object({ rows: z.array(ReceivedDocument) });

const text = (most: number) => z.string().trim().min(1).max(most);
const day = z.iso.date();
const moment = z.iso.datetime({ offset: true });

/** How a document was sent to one addressee. */
export const ServiceBody = z.discriminatedUnion('way', [
  z.object({ way: z.literal('electronic') }),
  z.object({
    way: z.literal('post'),
    sentOn: day,
    carrier: text(60),
    tracking: text(60),
    address: text(300),
  }),
  z.object({
    way: z.literal('person'),
    at: moment,
    place: text(300),
    receiver: text(60),
    /** `signed` on paper, whose scan is added; `left`: refused, left there before witnesses. */
    receipt: z.enum(['signed', 'left']),
    witnesses: text(200).optional(),
  }),
  z.object({ way: z.literal('announcement'), publishedOn: day, where: text(200), reason: text(500) }),
]);
export type ServiceBody = z.infer<typeof ServiceBody>;

/** How a posting ended. */
export const PostEnd = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('delivered'), at: moment, receiver: text(60) }),
  z.object({ outcome: z.literal('returned'), at: moment, reason: text(300) }),
]);
export type PostEnd = z.infer<typeof PostEnd>;
