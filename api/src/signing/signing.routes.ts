import { z } from 'zod';
import {
  SignAnswer,
  SignBody,
  SigningAsked,
  SigningBody,
  SigningPage,
  Signings,
  SigningView,
} from '../../../contracts/api/index.ts';
import { createRateLimit, defineRoute, type AnyRoute } from '../core/index.ts';
import { sendFile } from '../files/index.ts';
import type { Signing } from './signing.service.ts';

const ofDocument = z.object({ document: z.uuid() });
const ofSigning = z.object({ signing: z.uuid() });
const ofToken = z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{32}$/) });

/** Officers ask for signatures and see them; whoever has the link signs, without an account. */
export function signingRoutes(signing: Signing): AnyRoute[] {
  const limit = createRateLimit({ limit: 120, minutes: 10 });
  return [
    defineRoute({
      method: 'get',
      path: '/documents/:document/signings',
      title: { zh: '查看文书的签名', en: 'Signatures on a document' },
      rights: { kind: 'object' },
      params: ofDocument,
      answer: Signings,
      handle: ({ who, params: { document } }) => signing.list(who, document),
    }),
    defineRoute({
      method: 'post',
      path: '/documents/:document/signings',
      title: { zh: '请人在文书上签名', en: 'Ask for a signature on a document' },
      rights: { kind: 'object' },
      params: ofDocument,
      body: SigningBody,
      answer: SigningAsked,
      status: 201,
      handle: ({ who, params: { document }, body }) => signing.ask(who, document, body),
    }),
    defineRoute({
      method: 'get',
      path: '/signings/:signing',
      title: { zh: '查看签名', en: 'A signature' },
      rights: { kind: 'object' },
      params: ofSigning,
      answer: SigningView,
      handle: ({ who, params }) => signing.find(who, params.signing),
    }),
    defineRoute({
      method: 'delete',
      path: '/signings/:signing',
      title: { zh: '撤回签名链接', en: 'Take back a link to sign' },
      rights: { kind: 'object' },
      params: ofSigning,
      answer: SigningView,
      handle: ({ who, params }) => signing.cancel(who, params.signing),
    }),
    defineRoute({
      method: 'post',
      path: '/signings/:signing/renew',
      title: { zh: '重发签名链接', en: 'Send a link to sign anew' },
      rights: { kind: 'object' },
      params: ofSigning,
      answer: SigningView,
      handle: ({ who, params }) => signing.renew(who, params.signing),
    }),
    defineRoute({
      method: 'get',
      path: '/sign/:token',
      title: { zh: '打开签名链接', en: 'Open a link to sign' },
      rights: { kind: 'public' },
      params: ofToken,
      answer: SigningPage,
      async handle({ params: { token }, req, res }) {
        await limit(req, res);
        return signing.page(token);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/sign/:token/file',
      title: { zh: '看要签的文书', en: 'Look at what is to be signed' },
      rights: { kind: 'public' },
      params: ofToken,
      answer: 'file',
      async handle({ params: { token }, req, res }) {
        await limit(req, res);
        sendFile(res, { ...(await signing.file(token)), type: 'application/pdf' });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/sign/:token',
      title: { zh: '签名', en: 'Sign' },
      rights: { kind: 'public' },
      params: ofToken,
      body: SignBody,
      answer: SignAnswer,
      async handle({ params: { token }, body, req, res }) {
        await limit(req, res);
        return signing.sign(token, body, { ip: req.ip ?? '', agent: (req.get('user-agent') ?? '').slice(0, 300) });
      },
    }),
  ];
}
