/** Materials that applicants upload, per required item of a flow. */
import { z } from 'zod';
import { MaterialFile } from '../../../contracts/api/index.ts';
import type { AnyRoute, Core } from '../core/index.ts';
import { defineRoute } from '../core/index.ts';
import { readUpload, sendFile } from '../files/index.ts';
import { createMaterialService, type MaterialDeps, type MaterialService } from './materials.service.ts';

export type { MaterialDeps, MaterialService } from './materials.service.ts';

const Item = z.object({ owner: z.uuid(), form: z.string().max(60), item: z.string().max(60) });

export function createMaterials(core: Core, deps: MaterialDeps): MaterialService & { routes: AnyRoute[] } {
  const service = createMaterialService(core, deps);
  const routes = [
    defineRoute({
      method: 'post',
      path: '/forms/:owner/:form/materials/:item',
      title: { zh: '上传材料', en: 'Upload a material' },
      rights: { kind: 'object' },
      params: Item,
      answer: MaterialFile,
      async handle({ who, params: { owner, form, item }, req }) {
        return service.add(who, owner, form, item, await readUpload(req, core.settings.maxUpload));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/forms/:owner/:form/materials/:item/files/:file',
      title: { zh: '删去材料', en: 'Remove a material' },
      rights: { kind: 'object' },
      params: Item.extend({ file: z.uuid() }),
      answer: z.object({}),
      async handle({ who, params: { owner, form, item, file } }) {
        await service.remove(who, owner, form, item, file);
        return {};
      },
    }),
    defineRoute({
      method: 'get',
      path: '/files/:file',
      title: { zh: '查看材料', en: 'Read a material' },
      rights: { kind: 'object' },
      params: z.object({ file: z.uuid() }),
      query: z.object({ download: z.string().optional() }),
      answer: 'file',
      async handle({ who, params, query, res }) {
        const file = await service.file(who, params.file);
        sendFile(res, { ...file, download: query.download !== undefined });
      },
    }),
  ];
  return { ...service, routes };
}
