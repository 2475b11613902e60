import { z } from 'zod';

/** An entry of the platform's directory of objects. */
export const InspectionObject = z.object({
  name: z.string().min(1),
  uscc: z.string().regex(/^[0-9A-Z]{18}$/),
  category: z.string().min(1),
  division: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  certificate: z.string().optional(),
});
