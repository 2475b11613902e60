/** Reads the folder of a flow package; what is wrong with a file is a finding with its place, never an exception. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { FormFile, includeParts, type FormSchema } from '../../../contracts/forms/index.ts';
import {
  BlockJson,
  DocumentsJson,
  EnglishJson,
  FlowJson,
  MessagesJson,
  PublicationList,
  Role,
  samplesOf,
} from '../../../contracts/flow.ts';
import { schemaFindings, type Finding } from './finding.ts';
import { absent, exists, names, type Folders, type Place } from './places.ts';
import type { Parts } from './rename.ts';

/** A part of a model that flows call, and what comes with it. */
export interface BlockSource extends Parts {
  block: BlockJson;
  model: string;
  english: EnglishJson;
}

/** A flow package as its files say it. */
export interface PackageSource extends Parts {
  /** Name of the folder, process, service item. */
  id: string;
  /** Path from the project's folder, for messages. */
  folder: string;
  flow: FlowJson;
  /** process.bpmn */
  model: string;
  /** Decision tables (DMN) by file name. */
  tables: Record<string, string>;
  /** Bytes of samples and empty forms of materials, by file name. */
  samples: Record<string, Uint8Array>;
  blocks: Record<string, BlockSource>;
  /** Its own, its blocks' and the shared. */
  english: EnglishJson;
}

/** What several flows share, and what a package may refer to. */
export interface Shared {
  roles: Role[];
  blocks: Record<string, BlockSource>;
  /** Ids in `templates/numbers.json`. */
  numberRules: string[];
  /** Lists of what is made public; empty where there is no lists.json. */
  lists: PublicationList[];
  /** English of what several packages say. */
  english: EnglishJson;
}

export interface Read<T> {
  /** Absent where a file could not be read. */
  value?: T;
  findings: Finding[];
}

export async function readShared(folders: Folders): Promise<Read<Shared>> {
  const reader = createReader(folders);
  const roles = await reader.json(join(folders.workflows, 'shared', 'roles.json'), z.array(Role));
  const numbers = await reader.json(join(folders.templates, 'numbers.json'), z.array(z.object({ id: z.string() })));
  const lists = await reader.jsonOr(join(folders.workflows, 'shared', 'lists.json'), z.array(PublicationList), []);
  const english = await reader.jsonOr(join(folders.workflows, 'shared', 'english.json'), EnglishJson, {});
  const blocks: Record<string, BlockSource> = {};
  const folder = join(folders.workflows, 'blocks');
  for (const id of await names(folder, '')) {
    const block = await reader.json(join(folder, id, 'block.json'), BlockJson);
    const model = await reader.text(join(folder, id, 'process.bpmn'));
    const english = await reader.jsonOr(join(folder, id, 'english.json'), EnglishJson, {});
    const parts = await reader.parts(join(folder, id));
    if (block && model !== undefined) blocks[id] = { block, model, english, ...parts };
    if (block && block.id !== id) reader.wrongId(join(folder, id, 'block.json'), id);
  }
  if (!roles || !numbers || reader.findings.length > 0) return { findings: reader.findings };
  return { value: { roles, blocks, numberRules: numbers.map((n) => n.id), lists, english }, findings: [] };
}

export async function readPackage(
  folders: Folders,
  { id, folder }: Pick<Place, 'id' | 'folder'>,
  { blocks, english: common }: Pick<Shared, 'blocks' | 'english'>,
): Promise<Read<PackageSource>> {
  const reader = createReader(folders);
  const flow = await reader.json(join(folder, 'flow.json'), FlowJson);
  const model = await reader.text(join(folder, 'process.bpmn'));
  const parts = await reader.parts(folder);
  const own = await reader.jsonOr(join(folder, 'english.json'), EnglishJson, {});
  const tables: Record<string, string> = {};
  for (const name of await names(join(folder, 'tables'), '.dmn')) {
    tables[name] = (await reader.text(join(folder, 'tables', `${name}.dmn`))) ?? '';
  }
  for (const name of flow?.shared?.tables ?? [])
    tables[name] ??= (await reader.text(join(folders.workflows, 'shared', 'tables', `${name}.dmn`))) ?? '';
  if (!flow || model === undefined || reader.findings.length > 0) return { findings: reader.findings };
  const samples = await readSamples([folder, join(folders.workflows, 'shared')], flow);
  const english = Object.assign({}, common, ...Object.values(blocks).map((block) => block.english), own) as EnglishJson;
  return {
    value: { id, folder: reader.shown(folder), flow, model, tables, samples, blocks, english, ...parts },
    findings: [],
  };
}

/** All files of the package's own `materials/`, and those of the shared folder that it names. */
async function readSamples(
  [own, shared]: [string, string],
  { materials }: FlowJson,
): Promise<PackageSource['samples']> {
  const found: PackageSource['samples'] = {};
  const keep = async (folder: string, name: string) => {
    const bytes = await readFile(join(folder, 'materials', name)).catch(absent);
    if (bytes) found[name] = bytes;
  };
  for (const name of await names(join(own, 'materials'), '')) await keep(own, name);
  for (const name of materials.flatMap(samplesOf)) if (!found[name]) await keep(shared, name);
  return found;
}

function createReader({ workflows, templates }: Folders) {
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

  /** A file that may be missing: `standard` stands for it. */
  async function jsonOr<T>(file: string, schema: z.ZodType<T>, standard: T): Promise<T> {
    return (await exists(file)) ? ((await json(file, schema)) ?? standard) : standard;
  }

  /** Forms, documents, messages and templates of a package or block. */
  async function parts(folder: string): Promise<Parts> {
    const documents = await jsonOr(join(folder, 'documents.json'), DocumentsJson, {});
    const messages = await jsonOr(join(folder, 'messages.json'), MessagesJson, {});
    const found: Parts = { forms: await forms(folder), documents, messages, templates: {} };
    for (const { template } of Object.values(documents)) {
      const bytes = template && (await readFile(join(templates, template)).catch(absent));
      if (template && bytes) found.templates[template] = bytes;
    }
    return found;
  }

  /** Form parts of `workflows/shared/forms`, as their files have them. */
  async function readSharedForms(): Promise<Record<string, unknown>> {
    const folder = join(workflows, 'shared', 'forms');
    const found: Record<string, unknown> = {};
    for (const name of await names(folder, '.form.json'))
      found[name] = await json(join(folder, `${name}.form.json`), z.unknown());
    return found;
  }
  let sharedForms: Promise<Record<string, unknown>> | undefined;

  async function forms(folder: string): Promise<Record<string, FormSchema>> {
    const found: Record<string, FormSchema> = {};
    sharedForms ??= readSharedForms();
    const shared = await sharedForms;
    const File = z.preprocess((file, context) => {
      const { json, unknown } = includeParts(file, shared);
      for (const name of unknown)
        context.addIssue({ code: 'custom', message: `没有共用表单 workflows/shared/forms/${name}.form.json` });
      return json;
    }, FormFile);
    for (const name of await names(join(folder, 'forms'), '.form.json')) {
      const file = join(folder, 'forms', `${name}.form.json`);
      const form = await json(file, File);
      if (!form) continue;
      if (form.id !== name) wrongId(file, name);
      found[name] = form;
    }
    return found;
  }

  function wrongId(file: string, name: string): void {
    findings.push({
      file: shown(file),
      element: 'id',
      code: 'id',
      zh: `id 应是 ${name}`,
      en: `The id must be ${name}`,
    });
  }

  return { findings, shown, text, json, jsonOr, parts, wrongId };
}

function lineOf(content: string, message: string): { line?: number } {
  const position = /position (\d+)/.exec(message)?.[1];
  return position ? { line: content.slice(0, Number(position)).split('\n').length } : {};
}
