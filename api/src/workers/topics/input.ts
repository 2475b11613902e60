import { z } from 'zod';
import { PermanentError } from '../../../../engine-adapters/port/index.ts';
import { Problem } from '../../core/index.ts';

/** `acceptance-notice, review-notice` as written in the model. */
export const idList = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean),
  )
  .refine((ids) => ids.length > 0, '至少写一个');

/**
 * A RangeError and a Problem with status 422 say that model, data or settings do not fit: trying again would not help,
 * an operator has to look.
 */
export async function permanent<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw new PermanentError(error.message);
    if (error instanceof Problem && error.status === 422) throw new PermanentError(error.zh);
    throw error;
  }
}
