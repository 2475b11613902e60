import { z } from 'zod';
import { defineRoute, notFound, type AnyRoute, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { sendFile } from '../files/index.ts';
import { findCertificate } from './certificates.repository.ts';

export function certificateRoutes(
  { db, files }: Core,
  deps: { mayReadCase(who: Who, row: CaseRow): Promise<boolean> },
): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/certificates/:certificate/file',
      title: { zh: '下载证书', en: 'Download a certificate' },
      rights: { kind: 'object' },
      params: z.object({ certificate: z.uuid() }),
      answer: 'file',
      async handle({ who, params, res }) {
        const row = await findCertificate(db, params.certificate);
        const of: CaseRow | undefined = row?.case_id ? await db('case').where({ id: row.case_id }).first() : undefined;
        if (!row?.file_hash || !of || !(await deps.mayReadCase(who, of))) throw notFound();
        const bytes = await files.get(row.file_hash);
        sendFile(res, { bytes, name: `${row.data.kindTitle} ${row.number}.pdf`, type: 'application/pdf' });
      },
    }),
  ];
}
