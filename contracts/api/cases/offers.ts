/** What somebody may do now, as the server offers it. */
import { z } from 'zod';

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
