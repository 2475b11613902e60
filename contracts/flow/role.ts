import { z } from 'zod';

/** A role that people are granted at an office: `cma.acceptance`. `workflows/shared/roles.json` lists them all. */
export const Role = z.strictObject({
  id: z.string().regex(/^[a-z]+(\.[a-z]+)*$/),
  zh: z.string().min(1),
  en: z.string().min(1),
});
export type Role = z.infer<typeof Role>;
