import { z } from 'zod';

/** Others of one's own side who have a case or draft open; applicants don't see officers here, nor officers them. */
export const Presence = z.object({
  people: z.array(
    z.object({
      name: z.string(),
      /** Seconds since it was opened. */
      since: z.int(),
      /** Task on which this person has written an opinion within the last minutes. */
      writes: z.object({ taskId: z.string(), stepName: z.string() }).nullable(),
    }),
  ),
});
export type Presence = z.infer<typeof Presence>;
