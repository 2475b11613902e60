import { z } from 'zod';
import { LookupBody, LookupCodeBody, PublicProgress } from '../../../contracts/api/index.ts';
import { createRateLimit, defineRoute, type AnyRoute } from '../core/index.ts';
import type { Lookup } from './lookup.service.ts';

export function lookupRoutes(lookup: Lookup): AnyRoute[] {
  const perCode = createRateLimit({ limit: 10, minutes: 10 });
  const perTry = createRateLimit({ limit: 30, minutes: 10 });
  return [
    defineRoute({
      method: 'post',
      path: '/public/progress/code',
      title: { zh: '获取办件查询验证码', en: 'Get a code to look up cases' },
      rights: { kind: 'public' },
      body: LookupCodeBody,
      answer: z.object({}),
      async handle({ body, req, res }) {
        await perCode(req, res);
        await lookup.sendCode(body.mobile);
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/public/progress',
      title: { zh: '凭手机查办件进度', en: 'Look up cases by a phone' },
      rights: { kind: 'public' },
      body: LookupBody,
      answer: PublicProgress,
      async handle({ body, req, res }) {
        await perTry(req, res);
        return lookup.progress(body.mobile, body.code);
      },
    }),
  ];
}
