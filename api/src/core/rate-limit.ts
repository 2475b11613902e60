import type { Request, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { problemKind } from './problem.ts';

export const tooMany = problemKind('too-many', 429, '次数太多，稍后再来', 'Too many requests; come back later');

/**
 * Limits requests by address, counted in the memory of this app. Call it first in a handler; it throws `too-many`.
 *
 * @param failuresOnly answers below 400 aren't counted in the end
 */
export function createRateLimit(o: { limit: number; minutes: number; failuresOnly?: boolean }) {
  const limiter = rateLimit({
    windowMs: o.minutes * 60_000,
    limit: o.limit,
    skipSuccessfulRequests: o.failuresOnly ?? false,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The app says whom it trusts; a header that it doesn't trust is ignored, and no reason to warn.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_req, _res, next) =>
      next(
        tooMany({
          zh: `次数太多，${o.minutes} 分钟后再来`,
          en: `Too many requests; come back in ${o.minutes} minutes`,
          retryAfter: o.minutes * 60,
        }),
      ),
  });
  return (req: Request, res: Response): Promise<void> =>
    new Promise((resolve, reject) => {
      void limiter(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
    });
}
