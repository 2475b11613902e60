import { z } from 'zod';
import { RegisterHistory, RegisterItemView, RegisterPage } from '../../../contracts/api/index.ts';
import type { AnyRoute, Core, Who } from '../core/index.ts';
import { defineRoute, notFound } from '../core/index.ts';
import type { Scope } from '../rights/index.ts';
import type { RegisterDeclaration, RegisterField } from './register.ts';
import type { RegisterService } from './registers.service.ts';
import { isWithin, limit, matching } from './search.ts';

const At = z.object({ register: z.string().max(60) });
const Item = At.extend({ item: z.uuid() });

/** No query of a register without a scope: institutions see themselves, staff what lies in their divisions. */
export function registerRoutes(core: Core, service: RegisterService, registerScope: (who: Who) => Scope): AnyRoute[] {
  async function visible(who: Who, d: RegisterDeclaration, id: string): Promise<void> {
    if (!(await isWithin(core, d, registerScope(who), id))) throw notFound();
  }

  return [
    defineRoute({
      method: 'get',
      path: '/registers/:register',
      title: { zh: '登记库', en: 'A register' },
      rights: { kind: 'signed-in' },
      params: At,
      query: z.object({
        q: z.string().max(100).optional(),
        after: z.uuid().optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answer: RegisterPage,
      async handle({ who, params, query: { q, after, limit: size } }) {
        const d = service.declaration(params.register);
        const fields = d.list.map((id) => d.fields.find((f) => f.id === id)!);
        const query = core
          .db(`${d.table} as r`)
          .modify(limit(d, registerScope(who)))
          .orderBy('r.id')
          .limit(size + 1)
          .select('r.id', `r.${d.updatedAt} as updated_at`, ...fields.map((f) => `r.${f.column}`));
        if (after) query.where('r.id', '>', after);
        if (q) query.modify(matching(d, q));
        const rows: Record<string, unknown>[] = await query;
        return {
          columns: fields.map(({ id, label }) => ({ id, label })),
          rows: rows.slice(0, size).map((row) => ({
            id: String(row.id),
            fields: Object.fromEntries(fields.map((f) => [f.id, row[f.column]])),
            updatedAt: (row.updated_at as Date).toISOString(),
          })),
          next: rows.length > size ? String(rows[size - 1]!.id) : null,
        };
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
        const d = service.declaration(params.register);
        await visible(who, d, params.item);
        const item = (await service.find(d.id, params.item))!;
        const children = await Promise.all(
          d.children.map(async (child) => ({
            id: child.id,
            label: child.label,
            columns: columns(child.fields),
            rows: await service.rows(d.id, item.id, child.id),
          })),
        );
        return {
          id: item.id,
          title: d.title,
          labels: Object.fromEntries(d.fields.map((f) => [f.id, f.label])),
          fields: item.fields,
          updatedAt: item.updatedAt.toISOString(),
          children,
        };
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
        const d = service.declaration(params.register);
        await visible(who, d, params.item);
        const entries = await service.history(d.id, params.item);
        return { entries: entries.map((e) => ({ ...e, at: e.at.toISOString() })) };
      },
    }),
  ];
}

const columns = (fields: RegisterField[]) => fields.map(({ id, label }) => ({ id, label }));
