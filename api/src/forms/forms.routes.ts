import { z } from 'zod';
import {
  BulkAnswer,
  BulkBody,
  CheckAnswer,
  ChoiceList,
  FileAnswer,
  FormView,
  ImportJob,
  LastImport,
  Row,
  RowBody,
  RowPage,
  SaveAnswer,
  SaveBody,
} from '../../../contracts/api/index.ts';
import { defineRoute, notFound, type AnyRoute, type Core } from '../core/index.ts';
import { mimeOf, sendFile, type Uploads } from '../files/index.ts';
import type { Choices } from './choices.ts';
import { fieldNamed, type FieldFiles } from './field-files.ts';
import type { ImportJobs } from './import-jobs.ts';
import type { TableSheets } from './import.ts';
import { listRows } from './rows.list.ts';
import type { RowsService } from './rows.service.ts';
import { tableOf } from './rows.view.ts';
import type { Save } from './save.ts';
import type { Session, Sessions } from './session.ts';
import { viewForm, type ListMaterials } from './view.ts';

export interface FormRoutesDeps {
  sessions: Sessions;
  save: Save;
  check(session: Session): Promise<z.infer<typeof CheckAnswer>['findings']>;
  rows: RowsService;
  sheets: TableSheets;
  jobs: ImportJobs;
  choices: Choices;
  files: FieldFiles;
  uploads: Uploads;
  listMaterials: ListMaterials;
  findFile(id: string): Promise<{ owner: string; form: string; name: string; type: string; hash: string } | null>;
}

const rights = { kind: 'object' } as const;
const form = { owner: z.guid(), form: z.string().max(60) };
const table = { ...form, table: z.string().max(60) };
/** Key of a field, or `table.column`. */
const field = { ...form, field: z.string().max(120) };
const row = { ...table, row: z.guid() };
/** Version that changes are told against; default the one before. */
const since = z.coerce.number().int().min(1).optional();

export function formRoutes(core: Core, deps: FormRoutesDeps): AnyRoute[] {
  const { sessions, rows, sheets } = deps;
  return [
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form',
      title: { zh: '查看表单', en: 'Read a form' },
      rights,
      params: z.object(form),
      query: z.object({ since }),
      answer: FormView,
      async handle({ who, params, query }) {
        const session = await sessions.read(who, params.owner, params.form);
        return viewForm(core, session, deps.listMaterials, query.since);
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/forms/:owner/:form',
      title: { zh: '保存表单', en: 'Save fields of a form' },
      rights,
      params: z.object(form),
      body: SaveBody,
      answer: SaveAnswer,
      async handle({ who, params, body }) {
        return deps.save(who, params.owner, params.form, body);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form/check',
      title: { zh: '完整性检查', en: 'Everything missing or wrong in a form' },
      rights,
      params: z.object(form),
      answer: CheckAnswer,
      async handle({ who, params }) {
        const findings = await deps.check(await sessions.read(who, params.owner, params.form));
        const errors = findings.filter((finding) => finding.severity === 'error').length;
        return { findings, errors, warnings: findings.length - errors };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form/tables/:table/rows',
      title: { zh: '查看表格的行', en: 'Rows of a table' },
      rights,
      params: z.object(table),
      query: z.object({
        after: z.string().max(40).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
        q: z.string().trim().max(100).optional(),
        only: z.enum(['problems', 'changed']).optional(),
        since,
      }),
      answer: RowPage,
      async handle({ who, params, query }) {
        const session = await sessions.read(who, params.owner, params.form);
        return listRows(core.db, session, tableOf(session, params.table), query);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/forms/:owner/:form/tables/:table/rows',
      title: { zh: '添加一行', en: 'Add a row' },
      rights,
      params: z.object(table),
      body: RowBody,
      answer: Row,
      status: 201,
      async handle({ who, params, body }) {
        return rows.add(await sessions.edit(who, params.owner, params.form), params.table, body);
      },
    }),
    defineRoute({
      method: 'put',
      path: '/forms/:owner/:form/tables/:table/rows/:row',
      title: { zh: '修改一行', en: 'Change a row' },
      rights,
      params: z.object(row),
      body: RowBody,
      answer: Row,
      async handle({ who, params, body }) {
        return rows.change(await sessions.edit(who, params.owner, params.form), params.table, params.row, body);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/forms/:owner/:form/tables/:table/rows/:row',
      title: { zh: '删除一行', en: 'Remove a row' },
      rights,
      params: z.object(row),
      answer: z.object({}),
      async handle({ who, params }) {
        await rows.remove(await sessions.edit(who, params.owner, params.form), params.table, params.row);
        return {};
      },
    }),
    defineRoute({
      method: 'post',
      path: '/forms/:owner/:form/tables/:table/bulk',
      title: { zh: '批量填写', en: 'Set columns of many rows' },
      rights,
      params: z.object(table),
      body: BulkBody,
      answer: BulkAnswer,
      async handle({ who, params, body }) {
        const editing = await sessions.edit(who, params.owner, params.form);
        return { changed: await rows.setMany(editing, params.table, body.rows, body.set) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form/tables/:table/template.xlsx',
      title: { zh: '下载模板', en: 'Excel template of a table' },
      rights,
      params: z.object(table),
      answer: 'file',
      async handle({ who, params, res }) {
        const session = await sessions.read(who, params.owner, params.form);
        const name = `${tableOf(session, params.table).field.label} 模板.xlsx`;
        sendFile(res, { bytes: await sheets.template(session, params.table), name, type: mimeOf('xlsx') });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form/tables/:table/export.xlsx',
      title: { zh: '导出表格', en: 'Export a table to Excel' },
      rights,
      params: z.object(table),
      answer: 'file',
      async handle({ who, params, res }) {
        const session = await sessions.read(who, params.owner, params.form);
        const name = `${tableOf(session, params.table).field.label}.xlsx`;
        sendFile(res, { bytes: await sheets.export(session, params.table), name, type: mimeOf('xlsx') });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/forms/:owner/:form/tables/:table/import',
      title: { zh: '导入 Excel', en: 'Import a table from Excel' },
      rights,
      params: z.object(table),
      answer: ImportJob,
      status: 202,
      async handle({ who, params, req }) {
        const editing = await sessions.edit(who, params.owner, params.form);
        const upload = await deps.uploads.read(who, req);
        await sheets.accept(editing, params.table, upload);
        return deps.jobs.begin({ ...editing.place, table: params.table }, who, upload);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form/tables/:table/import',
      title: { zh: '查看导入进度', en: 'How far the last import of a table is' },
      rights,
      params: z.object(table),
      answer: LastImport,
      async handle({ who, params }) {
        const session = await sessions.read(who, params.owner, params.form);
        return { job: await deps.jobs.last({ ...session.place, table: tableOf(session, params.table).field.key }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form/choices/:field',
      title: { zh: '查找可选的人员、机关、登记库条目', en: 'People, offices, entries to choose from' },
      rights,
      params: z.object(field),
      query: z.object({ q: z.string().trim().max(100).default('') }),
      answer: ChoiceList,
      async handle({ who, params, query }) {
        const editing = await sessions.edit(who, params.owner, params.form);
        const found = await deps.choices(who, fieldNamed(editing, params.field), { words: query.q });
        return { rows: found.map(({ id, label, note }) => ({ id, label, note })) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/forms/:owner/:form/files/:field',
      title: { zh: '上传附件', en: 'Upload a file of a field' },
      rights,
      params: z.object(field),
      answer: FileAnswer,
      status: 201,
      async handle({ who, params, req }) {
        const editing = await sessions.edit(who, params.owner, params.form);
        return deps.files.add(editing, params.field, await deps.uploads.read(who, req));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/forms/:owner/:form/imports/:file',
      title: { zh: '下载要改的行', en: 'Faulty rows of an import' },
      rights,
      params: z.object({ ...form, file: z.guid() }),
      answer: 'file',
      async handle({ who, params, res }) {
        await sessions.read(who, params.owner, params.form);
        const file = await deps.findFile(params.file);
        if (!file || file.owner !== params.owner || file.form !== params.form) throw notFound();
        sendFile(res, { bytes: await core.files.get(file.hash), name: file.name, type: file.type });
      },
    }),
  ];
}
