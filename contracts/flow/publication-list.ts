import { z } from 'zod';
import { Name } from './text.ts';

/** A list of what the authority makes public. `workflows/shared/lists.json` has them all. */
export const PublicationList = z.strictObject({ id: Name, zh: z.string().min(1), en: z.string().min(1) });
export type PublicationList = z.infer<typeof PublicationList>;
