/** For tests only: a draft's application as its applicant works on it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import writeXlsxFile from 'write-excel-file/node';
import { CheckAnswer, type Row } from '../../../contracts/api/index.ts';
import type { SearchedRegisters, SubjectRegisters } from './index.ts';
import { openFormsWorld, type FormsWorld } from './testing.ts';

export const uscc = '91520000MA00000151';
export const siteId = randomUUID();
export const subject = { register: 'institution', id: randomUUID() };

const fields = { name: '贵州云岭检测有限公司', uscc, staffTotal: 45, unknownToTheForm: 1, siteCharacter: 'not a list' };
const children: Record<string, { id: string; data: Record<string, unknown> }[]> = {
  sites: [{ id: siteId, data: { code: 'S1', name: '总部', ownership: 'own', approvedCase: null } }],
  equipment: [{ id: randomUUID(), data: { code: 'E1', name: '天平' } }],
};
const updatedAt = new Date('2026-11-16T02:00:00Z');
const registers: SubjectRegisters & SearchedRegisters = {
  title: () => ({ zh: '机构档案', en: 'Institution records' }),
  find: async (_register, id) => ({ id, fields, updatedAt }),
  rows: async (_register, _id, child) => children[child] ?? [],
  declaration: () => ({ name: 'name', codes: ['uscc'] }),
  search: async (_who, _register, wanted) => {
    const entry = { id: subject.id, fields, updatedAt };
    if ('ids' in wanted) return wanted.ids.includes(subject.id) ? [entry] : [];
    return `${fields.name} ${uscc}`.includes(wanted.words) ? [entry] : [];
  },
};

export const capability = (i: number, more = {}) => ({
  site: 'S1',
  scope: 'food',
  field: '食品',
  category: '元素',
  object: '食品',
  parameter: `参数${i}`,
  standardName: '食品安全国家标准',
  standardNo: 'GB 5009.12-2023',
  equipment: 'E1',
  methodKind: 'standard',
  ...more,
});

/** An Excel file with these heads, by key of the column. */
export const book = (rows: Record<string, unknown>[], heads: Record<string, string>) =>
  writeXlsxFile([
    Object.values(heads).map((value) => ({ value, type: String })),
    ...rows.map((row) =>
      Object.keys(heads).map((key) => (row[key] ? { value: String(row[key]), type: String } : null)),
    ),
  ]).toBuffer();

export interface Application extends FormsWorld {
  view(owner: string): Promise<Awaited<ReturnType<FormsWorld['call']>>['body']>;
  save(owner: string, edits: number, set: object): ReturnType<FormsWorld['call']>;
  /** Path of a table, by default of the capabilities. */
  table(owner: string, name?: string): string;
  rows(owner: string, query?: string, name?: string): Promise<{ rows: Row[]; total: number; next: string | null }>;
  check(owner: string): Promise<CheckAnswer>;
  /** Adds capabilities through the route. */
  fill(owner: string, count: number): Promise<void>;
  /** Puts capabilities into the table at once. */
  put(owner: string, count: number): Promise<void>;
  heads(table: string, keys: string[]): Record<string, string>;
}
type CheckAnswer = ReturnType<typeof CheckAnswer.parse>;

export async function openApplication(): Promise<Application> {
  const world = await openFormsWorld(() => registers);
  world.core.at('2026-11-21T02:00:00Z');
  const table = (owner: string, name = 'capabilities') => `/forms/${owner}/application/tables/${name}`;
  return {
    ...world,
    table,
    view: async (owner) => (await world.call('GET', `/forms/${owner}/application`)).body,
    save: (owner, edits, set) => world.call('PATCH', `/forms/${owner}/application`, { edits, set }),
    rows: async (owner, query = '', name = 'capabilities') =>
      (await world.call('GET', `${table(owner, name)}/rows${query}`)).body,
    check: async (owner) => CheckAnswer.parse(await (await world.get(`/forms/${owner}/application/check`)).json()),
    async fill(owner, count) {
      for (const i of Array(count).keys()) {
        const { status, body } = await world.call('POST', `${table(owner)}/rows`, { data: capability(i) });
        assert.equal(status, 201, JSON.stringify(body));
      }
    },
    async put(owner, count) {
      await world.core.db('form_row').insert(
        Array.from({ length: count }, (_, i) => ({
          owner,
          form: 'application',
          table_id: 'capabilities',
          row_id: randomUUID(),
          position: i + 1,
          from_version: 1,
          data: JSON.stringify(capability(i)),
        })),
      );
    },
    heads(name, keys) {
      const field = world.release.package.forms.application.components
        .flatMap((c) => (c.type === 'group' ? c.components : []))
        .find((c) => 'key' in c && c.key === name);
      assert.ok(field?.type === 'table');
      return Object.fromEntries(keys.map((key) => [key, field.columns.find((column) => column.key === key)!.label]));
    },
  };
}
