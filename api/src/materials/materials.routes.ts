import { z } from 'zod';
import { FilePreview, MaterialItem } from '../../../contracts/api/index.ts';
import { defineRoute, notFound, type AnyRoute, type Core, type Who } from '../core/index.ts';
import { mimeOf, sendFile, type Uploads } from '../files/index.ts';
import type { FormSessions } from '../forms/index.ts';
import type { Previews } from '../previews/index.ts';
import type { Materials } from './materials.service.ts';

export interface MaterialsRoutesDeps {
  sessions: FormSessions;
  uploads: Uploads;
  previews: Pick<Previews, 'of' | 'pdf'>;
  materials: Materials;
}

export function materialsRoutes(
  core: Core,
  { sessions, uploads, previews, materials }: MaterialsRoutesDeps,
): AnyRoute[] {
  /** @throws not-found to whom it is none of their business */
  async function readable(who: Who, id: string) {
    const file = await materials.find(id);
    if (!file) throw notFound();
    await sessions.read(who, file.owner, file.form);
    return file;
  }

  const item = { owner: z.guid(), form: z.string().max(60), item: z.string().max(60) };
  return [
    defineRoute({
      method: 'post',
      path: '/forms/:owner/:form/materials/:item',
      title: { zh: '上传材料', en: 'Upload a material' },
      rights: { kind: 'object' },
      params: z.object(item),
      query: z.object({ replaces: z.guid().optional() }),
      answer: MaterialItem,
      status: 201,
      async handle({ who, params, query, req }) {
        await sessions.edit(who, params.owner, params.form);
        const upload = await uploads.read(who, req);
        return materials.add(who, params.owner, params.form, params.item, upload, query.replaces);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/forms/:owner/:form/materials/:item/files/:file',
      title: { zh: '删除材料', en: 'Remove a material' },
      rights: { kind: 'object' },
      params: z.object({ ...item, file: z.guid() }),
      answer: MaterialItem,
      async handle({ who, params }) {
        return materials.remove(who, params.owner, params.form, params.item, params.file);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/files/:file',
      title: { zh: '查看材料', en: 'Open a material' },
      rights: { kind: 'object' },
      params: z.object({ file: z.guid() }),
      query: z.object({ download: z.literal('1').optional() }),
      answer: 'file',
      async handle({ who, params, query, res }) {
        const file = await readable(who, params.file);
        const bytes = await core.files.get(file.hash);
        sendFile(res, { bytes, name: file.name, type: file.type, download: query.download === '1' });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/files/:file/preview',
      title: { zh: '预览材料', en: 'Preview of a material' },
      rights: { kind: 'object' },
      params: z.object({ file: z.guid() }),
      answer: FilePreview,
      handle: async ({ who, params }) => previews.of(await readable(who, params.file)),
    }),
    defineRoute({
      method: 'get',
      path: '/files/:file/preview.pdf',
      title: { zh: '材料转成的 PDF', en: 'A material as PDF' },
      rights: { kind: 'object' },
      params: z.object({ file: z.guid() }),
      answer: 'file',
      async handle({ who, params, res }) {
        const file = await readable(who, params.file);
        const bytes = await previews.pdf(file.hash);
        if (!bytes) throw notFound({ zh: '这件材料还没有转成 PDF', en: 'There is no PDF of it yet' });
        sendFile(res, { bytes, name: `${file.name}.pdf`, type: mimeOf('pdf') });
      },
    }),
  ];
}
