import type { RequestHandler } from 'express';
import { problemKind, type Core } from '../core/index.ts';

export const foreignOrigin = problemKind(
  'foreign-origin',
  403,
  '请求来自别的网站，没有办理',
  'The request came from another site and was not carried out',
);

/**
 * Refuses writes that a browser sends from another site. Programs send neither header and no cookie of a browser.
 */
export function sameOrigin({ settings }: Pick<Core, 'settings'>): RequestHandler {
  const own = new URL(settings.publicUrl).origin;
  return (req, _res, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return next();
    const origin = req.get('origin');
    const site = req.get('sec-fetch-site');
    const foreign = origin ? origin !== own && hostOf(origin) !== req.get('host') : site && site !== 'same-origin';
    next(foreign ? foreignOrigin() : undefined);
  };
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null);
