import { z } from 'zod';
import { CertificateCard, CertificateChangeBody } from '../../../contracts/api/index.ts';
import { defineRoute, notFound, problemKind, type AnyRoute, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { sendFile } from '../files/index.ts';
import type { Scope } from '../rights/index.ts';
import { findCertificate, unopenedBy, type CertificateRow } from './certificates.repository.ts';
import type { CertificateChanges } from './changes.service.ts';

export interface CertificateRouteDeps {
  changes: CertificateChanges;
  card(who: Who, row: CertificateRow): Promise<CertificateCard>;
  mayReadCase(who: Who, row: CaseRow): Promise<boolean>;
  registerScope(who: Who): Scope;
}

const notOpened = problemKind(
  'certificate-not-opened',
  409,
  '证书已送到您的账户，还没有打开。请在「我的证照与文书」里打开，打开即为送达',
  'The certificate is in your account, unopened. Open it under “My documents”: that is its service',
);

const At = z.object({ certificate: z.uuid() });
const Proposal = At.extend({ proposal: z.uuid() });
const Done = z.object({ done: z.boolean() });

export function certificateRoutes({ db, files }: Core, deps: CertificateRouteDeps): AnyRoute[] {
  const { changes } = deps;

  /** Who may read its case, who acts for its holder, and who sees the holder's register. */
  async function readable(who: Who, id: string): Promise<CertificateRow> {
    const row = await findCertificate(db, id);
    if (!row) throw notFound();
    const of: CaseRow | undefined = row.case_id ? await db('case').where({ id: row.case_id }).first() : undefined;
    if (of && (await deps.mayReadCase(who, of))) return row;
    const scope = deps.registerScope(who);
    if (scope.kind === 'institutions') {
      if (scope.ids.includes(row.institution_id)) return row;
      throw notFound();
    }
    const holder = await db('register_subject').where({ id: row.institution_id }).first('division');
    if (!scope.prefixes.some((prefix) => holder?.division?.startsWith(prefix))) throw notFound();
    return row;
  }

  return [
    defineRoute({
      method: 'get',
      path: '/certificates/:certificate',
      title: { zh: '证书', en: 'A certificate' },
      rights: { kind: 'object' },
      params: At,
      answer: CertificateCard,
      handle: async ({ who, params }) => deps.card(who, await readable(who, params.certificate)),
    }),
    defineRoute({
      method: 'post',
      path: '/certificates/:certificate/changes',
      title: { zh: '变更证书状态', en: 'Change the state of a certificate' },
      rights: { kind: 'object' },
      params: At,
      body: CertificateChangeBody,
      answer: Done,
      async handle({ who, params, body }) {
        const { id } = await readable(who, params.certificate);
        return changes.ask(who, id, body);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/certificates/:certificate/changes/:proposal/confirm',
      title: { zh: '确认证书变更', en: 'Confirm a change of a certificate' },
      rights: { kind: 'object' },
      params: Proposal,
      answer: Done,
      async handle({ who, params }) {
        const { id } = await readable(who, params.certificate);
        await changes.confirm(who, id, params.proposal);
        return { done: true };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/certificates/:certificate/changes/:proposal/refuse',
      title: { zh: '不同意证书变更', en: 'Refuse a change of a certificate' },
      rights: { kind: 'object' },
      params: Proposal,
      body: z.object({ reason: z.string().trim().min(1).max(2000) }),
      answer: Done,
      async handle({ who, params, body }) {
        const { id } = await readable(who, params.certificate);
        await changes.refuse(who, id, params.proposal, body.reason);
        return { done: false };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/certificates/:certificate/file',
      title: { zh: '下载证书', en: 'Download a certificate' },
      rights: { kind: 'object' },
      params: At,
      answer: 'file',
      async handle({ who, params, res }) {
        const row = await readable(who, params.certificate);
        if (!row.file_hash) throw notFound();
        if (await unopenedBy(db, who, row)) throw notOpened();
        const bytes = await files.get(row.file_hash);
        sendFile(res, { bytes, name: `${row.data.kindTitle} ${row.number}.pdf`, type: 'application/pdf' });
      },
    }),
  ];
}
