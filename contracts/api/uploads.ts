/** Files that are sent in parts. */
import { z } from 'zod';

export const UploadBody = z.object({ name: z.string().min(1).max(400), size: z.number().int().positive() });
/** How many of its bytes are here: the next part begins there. */
export const UploadState = z.object({ id: z.string(), received: z.number().int() });
export type UploadState = z.infer<typeof UploadState>;
