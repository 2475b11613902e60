import { z } from 'zod';
import {
  RegisterHistory,
  RegisterItemView,
  RegisterNames,
  RegisterPage,
  RegisterRowPage,
} from '../../../contracts/api/index.ts';
import type { AnyRoute, Core, Who } from '../core/index.ts';
import { defineRoute, notFound, problemKind } from '../core/index.ts';
import { mimeOf, sendFile } from '../files/index.ts';
import type { Scope } from '../rights/index.ts';
import { writeSheet } from '../sheets/index.ts';
import { following, listed, rowsOf } from './list.ts';
import { shown, type RegisterChild, type RegisterDeclaration, type RegisterField } from './register.ts';
import { fromRow, type RegisterService } from './registers.service.ts';
import { isWithin } from './search.ts';
import { sheetColumns, typedColumns } from './sheets.ts';

const At = z.object({ register: z.string().max(60) });
const Item = At.extend({ item: z.uuid() });
const Child = Item.extend({ child: z.string().max(60) });
const Found = z.object({
  q: z.string().max(100).optional(),
  filter: z.string().max(200).optional(),
  subject: z.uuid().optional(),
});

/** Rows that an export may have. */
const MOST_EXPORTED = 20_000;
export const exportTooLong = problemKind(
  'export-too-long',
  400,
  '条目太多，不能一次导出',
  'Too many entries to export',
);

export interface RegisterRouteDeps {
  registerScope(who: Who): Scope;
  mayEdit(who: Who, d: RegisterDeclaration, id: string): boolean;
}

/** No query of a register without a scope: institutions see themselves, staff what lies in their divisions. */
export function registerRoutes(core: Core, service: RegisterService, deps: RegisterRouteDeps): AnyRoute[] {
  async function visible(who: Who, register: string, id: string): Promise<RegisterDeclaration> {
    const d = service.declaration(register);
    if (!(await isWithin(core, d, deps.registerScope(who), id))) throw notFound();
    return d;
  }

  const ofSubjects = service.all().filter(({ subject }) => subject !== 'id');

  return [
    defineRoute({
      method: 'get',
      path: '/registers',
      title: { zh: '登记库目录', en: 'The registers' },
      rights: { kind: 'signed-in' },
      answer: RegisterNames,
      handle: async () => ({ registers: service.all().map(({ id, title }) => ({ id, title })) }),
    }),
    defineRoute({
      method: 'get',
      path: '/registers/:register',
      title: { zh: '登记库', en: 'A register' },
      rights: { kind: 'signed-in' },
      params: At,
      query: Found.extend({
        after: z.uuid().optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answer: RegisterPage,
      async handle({ who, params, query: { after, limit: size, ...wanted } }) {
        const d = service.declaration(params.register);
        const fields = d.list.map((id) => fieldNamed(d, id));
        const query = listed(core, d, deps.registerScope(who), wanted)
          .limit(size + 1)
          .select('r.id', `r.${d.updatedAt} as changed_at`, ...fields.map((f) => `r.${f.column}`));
        if (after) query.modify(following(d, after));
        const rows: Record<string, unknown>[] = await query;
        return {
          title: d.title,
          columns: shown(fields),
          filters: shown(d.filters.map((id) => fieldNamed(d, id))),
          pages: d.pages ?? null,
          rows: rows.slice(0, size).map((row) => ({
            id: String(row.id),
            fields: fromRow(fields, row),
            updatedAt: (row.changed_at as Date).toISOString(),
          })),
          next: rows.length > size ? String(rows[size - 1]!.id) : null,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/registers/:register/export.xlsx',
      title: { zh: '导出登记库', en: 'Export a register to Excel' },
      rights: { kind: 'signed-in' },
      params: At,
      query: Found,
      answer: 'file',
      async handle({ who, params, query, res }) {
        const d = service.declaration(params.register);
        const rows: Record<string, unknown>[] = await listed(core, d, deps.registerScope(who), query)
          .limit(MOST_EXPORTED + 1)
          .select(...d.fields.map((f) => `r.${f.column}`));
        if (rows.length > MOST_EXPORTED)
          throw exportTooLong({
            zh: `多于 ${MOST_EXPORTED} 条，不能一次导出。用条件缩小范围`,
            en: `More than ${MOST_EXPORTED} entries; narrow the list first`,
          });
        const values = rows.map((row) => ({ values: fromRow(d.fields, row) }));
        const bytes = await writeSheet(d.title.zh, sheetColumns(d.fields), values);
        sendFile(res, { bytes, name: `${d.title.zh}.xlsx`, type: mimeOf('xlsx') });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/registers/:register/:item',
      title: { zh: '登记库条目', en: 'An entry of a register' },
      rights: { kind: 'object' },
      params: Item,
      answer: RegisterItemView,
      async handle({ who, params }) {
        const d = await visible(who, params.register, params.item);
        const item = (await service.find(d.id, params.item))!;
        const totals = await Promise.all(
          d.children.map((child) => rowsOf(core.db, d, child, item.id, { after: 0, limit: 0 })),
        );
        return {
          id: item.id,
          title: d.title,
          name: String(item.fields[d.name] ?? ''),
          columns: shown(d.fields),
          fields: item.fields,
          updatedAt: item.updatedAt.toISOString(),
          mayEdit: deps.mayEdit(who, d, item.id),
          children: d.children.map(({ id, label, fields, key }, i) => ({
            ...{ id, label, key },
            columns: shown(fields),
            total: totals[i]!.total,
          })),
          related: d.subject === 'id' ? ofSubjects.map(({ id, title }) => ({ id, title })) : [],
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/registers/:register/:item/rows/:child',
      title: { zh: '条目的明细', en: 'Rows of an entry' },
      rights: { kind: 'object' },
      params: Child,
      query: z.object({
        q: z.string().max(100).optional(),
        /** `next` of the page before. */
        after: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answer: RegisterRowPage,
      async handle({ who, params, query }) {
        const d = await visible(who, params.register, params.item);
        const { rows, total } = await rowsOf(core.db, d, childNamed(d, params.child), params.item, query);
        const passed = query.after + rows.length;
        return { rows, total, next: passed < total ? passed : null };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/registers/:register/:item/rows/:child/export.xlsx',
      title: { zh: '导出明细', en: 'Export rows of an entry to Excel' },
      rights: { kind: 'object' },
      params: Child,
      answer: 'file',
      async handle({ who, params, res }) {
        const d = await visible(who, params.register, params.item);
        const child = childNamed(d, params.child);
        const rows = await service.rows(d.id, params.item, child.id);
        const bytes = await writeSheet(
          child.label.zh,
          typedColumns(child),
          rows.map(({ data }) => ({ values: data })),
        );
        sendFile(res, { bytes, name: `${child.label.zh}.xlsx`, type: mimeOf('xlsx') });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/registers/:register/:item/history',
      title: { zh: '登记库变更记录', en: 'History of an entry' },
      rights: { kind: 'object' },
      params: Item,
      answer: RegisterHistory,
      async handle({ who, params }) {
        const d = await visible(who, params.register, params.item);
        const entries = await service.history(d.id, params.item);
        return { entries: entries.map((e) => ({ ...e, at: e.at.toISOString() })) };
      },
    }),
  ];
}

const fieldNamed = (d: RegisterDeclaration, id: string): RegisterField => d.fields.find((f) => f.id === id)!;

function childNamed(d: RegisterDeclaration, id: string): RegisterChild {
  const child = d.children.find((one) => one.id === id);
  if (!child) throw notFound();
  return child;
}
