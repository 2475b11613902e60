/**
 * Uploads in parts. Whoever sends a file says its size, then its bytes in order; after a cut connection the number of
 * bytes that are here tells where to go on. A route that takes a file takes the id of a complete upload in its place.
 */
import type { Request } from 'express';
import { z } from 'zod';
import { UploadBody, UploadState } from '../../../contracts/api/index.ts';
import { UPLOAD_PART } from '../../../contracts/uploads.ts';
import { defineRoute, invalidInput, notFound, problemKind, type AnyRoute, type Core, type Who } from '../core/index.ts';
import type { Vault } from '../signatures/index.ts';
import { plainName, readUpload, tooLarge, type Upload } from './upload.ts';

export const uploadElsewhere = problemKind('upload-at', 409, '从已收到的地方接着传', 'Go on where the upload stopped');

/** Milliseconds for which an upload that nobody goes on with is kept, and one that was handed on. */
const KEPT_MS = 24 * 3_600_000;
const KEPT_READ_MS = 10 * 60_000;
/** Uploads that one person may have under way; older ones are dropped. */
const MOST = 20;

export interface Uploads {
  /** The file of a request: in it as multipart, or uploaded before and named as `{ "upload": id }`. @throws Problem */
  read(who: Who, req: Request): Promise<Upload>;
}

interface UploadRow {
  id: string;
  person_id: string;
  name: string;
  size: string;
  received: string;
}

export function createUploads(core: Core, { vault }: { vault: Vault }): Uploads & { routes: AnyRoute[] } {
  const { db, time } = core;
  const max = core.settings.maxUpload;
  const contextOf = (id: string, at: number) => `upload:${id}:${at}`;

  async function own(who: Who, id: string): Promise<UploadRow> {
    const row: UploadRow | undefined = await db('upload').where({ id, person_id: who.personId }).first();
    if (!row) throw notFound({ zh: '这次上传已不在，重新上传', en: 'This upload is gone; send the file again' });
    return row;
  }

  async function begin(who: Who, { name, size }: z.infer<typeof UploadBody>): Promise<UploadState> {
    if (size > max) throw tooLarge(plainName(name), max);
    const now = time.now().getTime();
    await db('upload')
      .where('created_at', '<', new Date(now - KEPT_MS))
      .orWhere('read_at', '<', new Date(now - KEPT_READ_MS))
      .orWhereIn('id', (late) =>
        late
          .from('upload')
          .where({ person_id: who.personId })
          .orderBy('created_at', 'desc')
          .offset(MOST - 1)
          .select('id'),
      )
      .delete();
    const row = { person_id: who.personId, name: plainName(name), size, created_at: time.now() };
    const [{ id }] = await db('upload').insert(row).returning('id');
    return { id, received: 0 };
  }

  /** A part that is here already changes nothing. */
  async function add(who: Who, id: string, at: number, bytes: Buffer): Promise<UploadState> {
    await own(who, id);
    return db.transaction(async (trx) => {
      const { size, received } = await trx('upload').where({ id }).forUpdate().first('size', 'received');
      const here = Number(received);
      if (at < here) return { id, received: here };
      if (at > here) throw uploadElsewhere({ facts: { received: here } });
      const now = here + bytes.length;
      const isWhole = bytes.length === UPLOAD_PART || now === Number(size);
      if (!isWhole || now > Number(size)) throw wrongPart();
      await trx('upload_part').insert({ upload_id: id, at, content: vault.encrypt(bytes, contextOf(id, at)) });
      await trx('upload').where({ id }).update({ received: now });
      return { id, received: now };
    });
  }

  async function whole(who: Who, id: string): Promise<Upload> {
    const { name, size, received } = await own(who, id);
    if (size !== received)
      throw invalidInput({
        fields: [{ path: 'upload', zh: '文件还没有传完', en: 'The file has not arrived whole' }],
      });
    const parts: { at: string; content: string }[] = await db('upload_part').where({ upload_id: id }).orderBy('at');
    await db('upload').where({ id }).update({ read_at: time.now() });
    return {
      name,
      bytes: Buffer.concat(parts.map(({ at, content }) => vault.decrypt(content, contextOf(id, Number(at))))),
    };
  }

  const one = z.object({ upload: z.guid() });
  return {
    async read(who, req) {
      if (!req.is('application/json')) return readUpload(req, max);
      const named = one.safeParse(req.body);
      if (!named.success)
        throw invalidInput({ fields: [{ path: 'upload', zh: '写明是哪次上传', en: 'Name the upload' }] });
      return whole(who, named.data.upload);
    },

    routes: [
      defineRoute({
        method: 'post',
        path: '/uploads',
        title: { zh: '开始分段上传', en: 'Begin an upload in parts' },
        rights: { kind: 'signed-in' },
        body: UploadBody,
        answer: UploadState,
        status: 201,
        handle: ({ who, body }) => begin(who, body),
      }),
      defineRoute({
        method: 'get',
        path: '/uploads/:upload',
        title: { zh: '查看已收到多少', en: 'How much of an upload is here' },
        rights: { kind: 'object' },
        params: one,
        answer: UploadState,
        async handle({ who, params }) {
          const { id, received } = await own(who, params.upload);
          return { id, received: Number(received) };
        },
      }),
      defineRoute({
        method: 'put',
        path: '/uploads/:upload/parts/:at',
        title: { zh: '上传一段', en: 'Send a part of an upload' },
        rights: { kind: 'object' },
        params: one.extend({ at: z.coerce.number().int().min(0) }),
        answer: UploadState,
        async handle({ who, params, req }) {
          await own(who, params.upload);
          return add(who, params.upload, params.at, await readPart(req));
        },
      }),
    ],
  };
}

/** The bytes of a request; one that was cut brings nothing. */
async function readPart(req: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= UPLOAD_PART) chunks.push(chunk);
  }
  if (size > UPLOAD_PART || size === 0) throw wrongPart();
  return Buffer.concat(chunks);
}

const wrongPart = () =>
  invalidInput({
    zh: `每段 ${UPLOAD_PART} 字节，最后一段到文件末尾为止`,
    en: `A part has ${UPLOAD_PART} bytes; the last one ends with the file`,
  });
