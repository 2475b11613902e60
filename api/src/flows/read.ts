/** Reads the folder of a flow package; what is wrong with a file is a finding with its place, never an exception. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { FormFile, type FormSchema } from '../../../contracts/forms/index.ts';
import { DocumentsJson, FlowJson, Role } from '../../../contracts/flow.ts';
import { schemaFindings, type Finding } from './finding.ts';

/** Where packages and templates stand. Both are siblings in the project's folder. */
export interface Folders {
  workflows: string;
  templates: string;
}

/** A part of a model that flows call: its model and the forms that come with it. */
export interface BlockSource {
  model: string;
  forms: Record<string, FormSchema>;
}

/** A flow package as its files say it. */
export interface PackageSource {
  /** Name of the folder, process, service item. */
  id: string;
  flow: FlowJson;
  /** process.bpmn */
  model: string;
  forms: Record<string, FormSchema>;
  /** Decision tables (DMN) by file name. */
  tables: Record<string, string>;
  documents: DocumentsJson;
  /** Bytes of the templates that `documents` names and that are there. */
  templates: Record<string, Uint8Array>;
  blocks: Record<string, BlockSource>;
}

/** What several flows share, and what a package may refer to. */
export interface Shared {
  roles: Role[];
  blocks: Record<string, BlockSource>;
  /** Ids in `templates/numbers.json`. */
  numberRules: string[];
}

export interface Read<T> {
  /** Absent where a file could not be read. */
  value?: T;
  findings: Finding[];
}

/** Ids of all packages, sorted. */
export async function packageIds({ workflows }: Folders): Promise<string[]> {
  const entries = await readdir(workflows, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((e) => e.isDirectory())
      .map(async (e) => (await names(join(workflows, e.name), 'flow.json')).map(() => e.name)),
  );
  return found.flat().sort();
}

export async function readShared(folders: Folders): Promise<Read<Shared>> {
  const reader = createReader(folders);
  const roles = await reader.json(join(folders.workflows, 'shared', 'roles.json'), z.array(Role));
  const numbers = await reader.json(join(folders.templates, 'numbers.json'), z.array(z.object({ id: z.string() })));
  const blocks: Record<string, BlockSource> = {};
  const folder = join(folders.workflows, 'blocks');
  for (const id of await names(folder, '')) {
    const model = await reader.text(join(folder, id, 'process.bpmn'));
    blocks[id] = { model: model ?? '', forms: await reader.forms(join(folder, id)) };
  }
  if (!roles || !numbers || reader.findings.length > 0) return { findings: reader.findings };
  return { value: { roles, blocks, numberRules: numbers.map((n) => n.id) }, findings: [] };
}

export async function readPackage(
  folders: Folders,
  id: string,
  blocks: Shared['blocks'],
): Promise<Read<PackageSource>> {
  const reader = createReader(folders);
  const folder = join(folders.workflows, id);
  const flow = await reader.json(join(folder, 'flow.json'), FlowJson);
  const model = await reader.text(join(folder, 'process.bpmn'));
  const forms = await reader.forms(folder);
  const documents = await reader.json(join(folder, 'documents.json'), DocumentsJson);
  const tables: Record<string, string> = {};
  for (const name of await names(join(folder, 'tables'), '.dmn')) {
    tables[name] = (await reader.text(join(folder, 'tables', `${name}.dmn`))) ?? '';
  }
  if (!flow || model === undefined || !documents || reader.findings.length > 0) return { findings: reader.findings };
  const templates: Record<string, Uint8Array> = {};
  for (const { template } of Object.values(documents)) {
    const bytes = template && (await readFile(join(folders.templates, template)).catch(absent));
    if (template && bytes) templates[template] = bytes;
  }
  return { value: { id, flow, model, forms, tables, documents, templates, blocks }, findings: [] };
}

function createReader({ workflows }: Folders) {
  const findings: Finding[] = [];
  const shown = (file: string) => relative(dirname(workflows), file);

  async function text(file: string): Promise<string | undefined> {
    const bytes = await readFile(file).catch(absent);
    if (!bytes)
      findings.push({ file: shown(file), code: 'missing-file', zh: '缺少这个文件', en: 'The file is missing' });
    return bytes?.toString('utf8');
  }

  async function json<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const content = await text(file);
    if (content === undefined) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch (error) {
      const { message } = error as SyntaxError;
      findings.push({
        file: shown(file),
        ...lineOf(content, message),
        code: 'json',
        zh: 'JSON 语法有误',
        en: message,
      });
      return undefined;
    }
    const result = schema.safeParse(value);
    if (!result.success) findings.push(...schemaFindings(shown(file), result.error));
    return result.data;
  }

  async function forms(folder: string): Promise<Record<string, FormSchema>> {
    const found: Record<string, FormSchema> = {};
    for (const name of await names(join(folder, 'forms'), '.form.json')) {
      const file = join(folder, 'forms', `${name}.form.json`);
      const form = await json(file, FormFile);
      if (!form) continue;
      if (form.id !== name) {
        const zh = `表单的 id 应是文件名 ${name}`;
        findings.push({ file: shown(file), element: 'id', code: 'form-id', zh, en: `The form's id must be ${name}` });
      }
      found[name] = form;
    }
    return found;
  }

  return { findings, text, json, forms };
}

/** Names in a folder that end so, without the ending, sorted; none where the folder is missing. */
async function names(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(folder).catch(absent);
  return (entries ?? [])
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .map((name) => basename(name, ending || undefined))
    .sort();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

function lineOf(content: string, message: string): { line?: number } {
  const position = /position (\d+)/.exec(message)?.[1];
  return position ? { line: content.slice(0, Number(position)).split('\n').length } : {};
}
