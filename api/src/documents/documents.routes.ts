import { z } from 'zod';
import { ReceivedDocument, UnopenedDocuments } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { defineRoute, notFound, type AnyRoute, type Call, type Core, type Who } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { sendFile } from '../files/index.ts';
import { findDocument, type DocumentRow } from './documents.repository.ts';
import { createReceived } from './received.ts';
import { servicesOf } from './service/service.repository.ts';
import { isAddressed, type Serving } from './service/serving.ts';

export interface DocumentRouteDeps {
  mayReadCase(who: Who, row: CaseRow): Promise<boolean>;
  release(id: string): Promise<Release>;
  /** The SM2 signature over a sealed file, by the file's hash. */
  detached(hash: string): Promise<Buffer | null>;
}

const params = z.object({ document: z.uuid() });

/** `file` saves the document, `preview` shows it in the page: both are its opening. `sm2` is the signature beside it. */
export function documentRoutes({ db, files }: Core, serving: Serving, deps: DocumentRouteDeps): AnyRoute[] {
  const received = createReceived({ db }, deps);
  const route = (path: string, title: { zh: string; en: string }, download: boolean) =>
    defineRoute({
      method: 'get',
      path,
      title,
      rights: { kind: 'object' },
      params,
      answer: 'file',
      async handle({ who, params: { document: id }, req, res }: Call<z.infer<typeof params>, unknown, unknown>) {
        const document = await find(who, id);
        const bytes = await files.get(document.signed_hash ?? document.file_hash!);
        await serving.opened(who, document, { ip: req.ip ?? '', agent: req.get('user-agent') ?? '' });
        sendFile(res, { bytes, name: `${nameOf(document)}.pdf`, type: 'application/pdf', download });
      },
    });
  return [
    defineRoute({
      method: 'get',
      path: '/unopened-documents',
      title: { zh: '没有打开的文书', en: 'Documents that were not opened' },
      rights: { kind: 'applicant' },
      answer: UnopenedDocuments,
      handle: async ({ who }) => ({ rows: await received.unopened(who) }),
    }),
    defineRoute({
      method: 'get',
      path: '/documents/:document',
      title: { zh: '收到的文书', en: 'A document that was received' },
      rights: { kind: 'object' },
      params,
      answer: ReceivedDocument,
      handle: ({ who, params: { document } }) => received.find(who, document),
    }),
    route('/documents/:document/file', { zh: '下载文书', en: 'Download a document' }, true),
    route('/documents/:document/preview', { zh: '查看文书', en: 'Look at a document' }, false),
    defineRoute({
      method: 'get',
      path: '/documents/:document/sm2',
      title: { zh: '下载国密签名', en: 'Download the SM2 signature' },
      rights: { kind: 'object' },
      params,
      answer: 'file',
      async handle({ who, params: { document: id }, res }) {
        const document = await find(who, id);
        const bytes = document.signed_hash && (await deps.detached(document.signed_hash));
        if (!bytes) throw notFound();
        sendFile(res, {
          bytes,
          name: `${nameOf(document)}.sm2.sig`,
          type: 'application/pkcs7-signature',
          download: true,
        });
      },
    }),
  ];

  /** Readers of the case see it, applicants what was sent to them and what bears the institution's own seal. */
  async function find(who: Who, id: string): Promise<DocumentRow> {
    const document = await findDocument(db, id);
    const row: CaseRow | undefined = document && (await db('case').where({ id: document.case_id }).first());
    if (!document || !row) throw notFound();
    const services = await servicesOf(db, [id]);
    if (services.some((service) => service.state !== 'waiting' && isAddressed(who, service))) return document;
    if (!(await deps.mayReadCase(who, row))) throw notFound();
    if (who.kind === 'staff' || services.some((service) => service.addressee_key === 'applicant')) return document;
    const release = await deps.release(row.release_id);
    if (release.package.documents[document.kind]?.seal !== 'institution') throw notFound();
    return document;
  }
}

const nameOf = ({ title, number }: DocumentRow) => [title, number].filter(Boolean).join(' ');
