/** Signatures by hand on documents: asked for by officers, given once through a link, kept with their circumstances. */
import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import QRCode from 'qrcode';
import { z } from 'zod';
import type { SignBody, SigningAsked, SigningPage, Signings, SigningView } from '../../../contracts/api/index.ts';
import type { DocumentDecl, Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import { notFound, problemKind, readSetting, type Core, type Setting, type Who } from '../core/index.ts';
import type { DocumentRow } from '../documents/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { findWords, type Ink } from '../signatures/index.ts';
import { inkOf } from './ink.ts';

export const LINK_MINUTES: Setting<number> = {
  key: 'signing.link-minutes',
  title: { zh: '签名链接的有效时间', en: 'How long a link to sign works' },
  help: { zh: '发起签名后链接和二维码几分钟内有效', en: 'Minutes for which the link and its QR code can be used' },
  schema: z.int().min(5).max(10_080),
  fallback: 60,
};
const TOKEN_BYTES = 24;

export const linkOver = problemKind(
  'link-over',
  410,
  '这个签名链接已经用过、过期或撤回。请经办人重新发起',
  'This link was used, has expired or was taken back; ask the officer for another',
);
export const documentChanged = problemKind(
  'document-changed',
  409,
  '文书在发起签名之后有变化。请经办人重新发起',
  'The document has changed since; ask the officer for another link',
);
export const noPlace = problemKind(
  'no-place',
  422,
  '这份文书没有留签名处，或已经签过',
  'This document has no such place to sign, or it was signed',
);

export interface SigningDeps {
  audit: Pick<Audit, 'write'>;
  release(id: string): Promise<Release>;
  mayReadCase(who: Who, row: CaseRow): Promise<boolean>;
  mayServe(who: Who, row: CaseRow): Promise<boolean>;
  /** @throws Problem where the document was archived */
  assertOpen(db: Knex, documentId: string): Promise<void>;
  /** Puts the handwriting over the words of a place and signs the file under the signer's name. */
  sign(
    pdf: Buffer,
    by: { keyId: string; name: string; reason: string; at: Date; ink: Ink; place: string },
  ): Promise<Buffer>;
}

interface SigningRow {
  id: string;
  case_id: string;
  document_id: string;
  place: string;
  signer: string;
  document_hash: string;
  asked_by: string;
  asked_at: Date;
  expires_at: Date;
  cancelled_at: Date | null;
  signed_at: Date | null;
  means: SigningView['means'];
  through: SigningView['through'];
  ip: string | null;
  agent: string | null;
}

export interface Signing {
  list(who: Who, documentId: string): Promise<Signings>;
  ask(who: Who, documentId: string, body: { place: string; signer: string }): Promise<SigningAsked>;
  find(who: Who, id: string): Promise<SigningView>;
  cancel(who: Who, id: string): Promise<SigningView>;
  /** What a link shows. @throws Problem `link-over` when it can no longer be used */
  page(token: string): Promise<SigningPage>;
  file(token: string): Promise<{ bytes: Buffer; name: string }>;
  sign(token: string, body: SignBody, from: { ip: string; agent: string }): Promise<{ signedAt: string; hash: string }>;
}

export function createSigningService(core: Core, deps: SigningDeps): Signing {
  const { db, time } = core;

  return {
    async list(who, documentId) {
      const { document, row, release } = await open(who, documentId);
      const rows: SigningRow[] = await db('signing').where({ document_id: documentId }).orderBy('asked_at');
      const { name } = await db('person').where({ id: row.starter }).first('name');
      return {
        places: (await placesOn(release, document)).map(({ id, title }) => ({ id, title, signer: name })),
        signings: rows.map((one) => viewOf(one, release, document.kind)),
        may: await deps.mayServe(who, row),
      };
    },

    async ask(who, documentId, { place, signer }) {
      const { document, row, release } = await open(who, documentId);
      if (!(await deps.mayServe(who, row))) throw notFound();
      await deps.assertOpen(db, documentId);
      if (!(await placesOn(release, document)).some(({ id }) => id === place)) throw noPlace();
      const minutes = await readSetting(db, LINK_MINUTES);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const expiresAt = new Date(time.now().getTime() + minutes * 60_000);
      const id = await db.transaction(async (trx) => {
        await trx('case').where({ id: row.id }).forUpdate().first('id');
        const [made] = await trx('signing')
          .insert({
            case_id: row.id,
            document_id: documentId,
            place,
            signer,
            token_hash: hashOf(token),
            document_hash: document.signed_hash ?? document.file_hash,
            asked_by: who.personId,
            asked_at: time.now(),
            expires_at: expiresAt,
          })
          .returning('id');
        await record(trx, document, 'document.sign-asked', signer, { personId: who.personId });
        return made.id;
      });
      const url = `${core.settings.publicUrl}/sign/${token}`;
      const qr = await QRCode.toString(`${url}?qr`, { type: 'svg', margin: 1 });
      return { id, url, qr, expiresAt: expiresAt.toISOString() };
    },

    async find(who, id) {
      const { signing, document, release } = await known(who, id);
      return viewOf(signing, release, document.kind);
    },

    async cancel(who, id) {
      const { signing, document, row, release } = await known(who, id);
      if (!(await deps.mayServe(who, row))) throw notFound();
      const at = time.now();
      const cancelled = await db('signing')
        .where({ id })
        .whereNull('signed_at')
        .whereNull('cancelled_at')
        .update({ cancelled_at: at });
      if (cancelled === 0) throw linkOver();
      return viewOf({ ...signing, cancelled_at: at }, release, document.kind);
    },

    async page(token) {
      const { signing, document, row, release } = await byToken(token);
      const { name } = await db('office').where({ code: row.office }).first('name');
      return {
        title: document.title,
        number: document.number,
        office: name,
        signer: signing.signer,
        placeTitle: placeOf(release, document.kind, signing.place).title,
        hash: signing.document_hash,
        expiresAt: signing.expires_at.toISOString(),
      };
    },

    async file(token) {
      const { signing, document } = await byToken(token);
      const name = [document.title, document.number].filter(Boolean).join(' ');
      return { bytes: await core.files.get(signing.document_hash), name: `${name}.pdf` };
    },

    async sign(token, { picture, means, through, hash }, { ip, agent }) {
      const { signing, document, row, release } = await byToken(token);
      if (hash !== signing.document_hash) throw documentChanged();
      const png = Buffer.from(picture, 'base64');
      const ink = inkOf(png);
      const at = time.now();
      const { place, title } = placeOf(release, document.kind, signing.place);
      const signed = await deps.sign(await core.files.get(signing.document_hash), {
        keyId: `signing:${signing.id}`,
        name: signing.signer,
        reason: `${document.title} ${title.zh}`,
        at,
        ink,
        place,
      });
      const [kept, shown] = [await core.files.put(signed), await core.files.put(png)];
      await db.transaction(async (trx) => {
        await trx('case').where({ id: row.id }).forUpdate().first('id');
        await deps.assertOpen(trx, document.id);
        const current = (document.signed_hash ? 'signed_hash' : 'file_hash') as 'signed_hash' | 'file_hash';
        const put = await trx('document')
          .where({ id: document.id, [current]: signing.document_hash })
          .whereIn('state', ['made', 'sealed', 'served'])
          .update({ signed_hash: kept.hash });
        if (put === 0) throw documentChanged();
        const used = await trx('signing')
          .where({ id: signing.id })
          .whereNull('signed_at')
          .whereNull('cancelled_at')
          .update({ signed_at: at, means, through, ip, agent, picture_hash: shown.hash, signed_hash: kept.hash });
        if (used === 0) throw linkOver();
        await record(trx, document, 'document.signed', signing.signer, {
          hash: signing.document_hash,
          ip,
          means,
          through,
        });
      });
      return { signedAt: at.toISOString(), hash: kept.hash };
    },
  };

  async function open(who: Who, documentId: string) {
    const found = await about(documentId);
    if (!found || !(await deps.mayReadCase(who, found.row)) || who.kind !== 'staff') throw notFound();
    return found;
  }

  /** Where it can still be signed: a template may leave out a place, such as that of witnesses. */
  async function placesOn(release: Release, { id, kind, signed_hash, file_hash }: DocumentRow) {
    const signed: string[] = await db('signing').where({ document_id: id }).whereNotNull('signed_at').pluck('place');
    const left = placesOf(release, kind).filter((one) => !signed.includes(one.id));
    const pdf = await core.files.get((signed_hash ?? file_hash)!);
    const found = await Promise.all(left.map(async (one) => ((await findWords(pdf, one.place)) ? [one] : [])));
    return found.flat();
  }

  async function about(documentId: string) {
    const document: DocumentRow | undefined = await db('document')
      .where({ id: documentId })
      .whereIn('state', ['made', 'sealed', 'served'])
      .first();
    if (!document) return undefined;
    const row: CaseRow = await db('case').where({ id: document.case_id }).first();
    return { document, row, release: await deps.release(row.release_id) };
  }

  async function known(who: Who, id: string) {
    const signing: SigningRow | undefined = await db('signing').where({ id }).first();
    if (!signing) throw notFound();
    return { signing, ...(await open(who, signing.document_id)) };
  }

  async function byToken(token: string) {
    const signing: SigningRow | undefined = await db('signing')
      .where({ token_hash: hashOf(token) })
      .first();
    if (!signing || stateOf(signing) !== 'open') throw linkOver();
    const found = await about(signing.document_id);
    if (!found) throw documentChanged();
    if ((found.document.signed_hash ?? found.document.file_hash) !== signing.document_hash) throw documentChanged();
    return { signing, ...found };
  }

  function stateOf({ signed_at, cancelled_at, expires_at }: SigningRow): SigningView['state'] {
    if (signed_at) return 'signed';
    if (cancelled_at) return 'cancelled';
    return expires_at <= time.now() ? 'expired' : 'open';
  }

  function viewOf(signing: SigningRow, release: Release, kind: string): SigningView {
    return {
      id: signing.id,
      place: signing.place,
      placeTitle: placeOf(release, kind, signing.place).title,
      signer: signing.signer,
      state: stateOf(signing),
      askedAt: signing.asked_at.toISOString(),
      expiresAt: signing.expires_at.toISOString(),
      signedAt: signing.signed_at?.toISOString() ?? null,
      means: signing.means,
      through: signing.through,
      ip: signing.ip,
      agent: signing.agent,
      hash: signing.document_hash,
    };
  }

  function record(
    trx: Parameters<Audit['write']>[0],
    document: DocumentRow,
    action: string,
    signer: string,
    { personId = null, ...detail }: Record<string, unknown> & { personId?: string | null },
  ) {
    const { case_id: caseId, step, visit, title, number } = document;
    return deps.audit.write(trx, {
      ...{ caseId, personId, action, step, visit },
      detail: { title, ...(number && { number }), addressee: signer, ...detail },
    });
  }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

function placesOf(release: Release, kind: string): NonNullable<DocumentDecl['signatures']> {
  return release.package.documents[kind]?.signatures ?? [];
}

function placeOf(release: Release, kind: string, id: string) {
  const place = placesOf(release, kind).find((one) => one.id === id);
  if (!place) throw noPlace();
  return place;
}
