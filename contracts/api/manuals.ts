/** Manuals of the product, to read and to download. */
import { z } from 'zod';

/** Whom a manual is for; the order is that of the list. */
export const MANUALS = ['applicant', 'approver', 'administrator', 'operator', 'analyst'] as const;
export const ManualId = z.enum(MANUALS);
export type ManualId = z.infer<typeof ManualId>;

export const ManualList = z.array(z.object({ id: ManualId, title: z.string() }));

export const Manual = z.object({
  id: ManualId,
  title: z.string(),
  /** One per heading of the second order, in HTML of ours; what stands before the first has the id `about`. */
  sections: z.array(z.object({ id: z.string(), title: z.string(), html: z.string() })),
});
export type Manual = z.infer<typeof Manual>;
