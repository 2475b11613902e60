/** Word templates: tags `{…}` are filled with data; see `templates/README.md` for those who write them. */
import { inflateRawSync } from 'node:zlib';
import Docxtemplater, { type DXT } from 'docxtemplater';
import InspectModule from 'docxtemplater/js/inspect-module.js';
import PizZip from 'pizzip';
import { problemKind } from '../core/index.ts';
import { entriesOf } from '../files/index.ts';
import { isData, own, readExpression, type Expression } from './expressions.ts';
import { filters } from './filters.ts';
import { createPictureModule, isPicture, pictureFilters, pictureKey, type Pictures } from './pictures/module.ts';

export const templateInvalid = problemKind('template-invalid', 422, '模板有错', 'The template is faulty');

const LIMIT = { entries: 500, unpacked: 20 * 1024 * 1024 };
/** Time of every entry, so that the same data give the same bytes. */
const STAMP = new Date(1980, 0, 1);

/**
 * Fills a Word template. Sections `{#rows}…{/rows}` repeat paragraphs or table rows and are conditions as well; in
 * one, `{index}` counts from 1. `{%field}` prints the field's pictures. A value that isn't there prints nothing. The same
 * template and data give the same bytes.
 * @param pictures those that the template reads
 * @param onMissing is told each path that isn't in the data
 * @throws Problem `template-invalid` naming each faulty tag
 */
export function fillTemplate(
  docx: Buffer,
  data: object,
  { pictures = new Map(), onMissing = () => undefined }: { pictures?: Pictures; onMissing?(path: string): void } = {},
): Buffer {
  const { module, addTo } = createPictureModule(pictures);
  const document = open(docx, [module], onMissing);
  try {
    document.render(data);
  } catch (error) {
    throw refusal(error);
  }
  const zip = document.getZip() as PizZip;
  addTo(zip);
  for (const entry of Object.values(zip.files)) entry.date = STAMP;
  // It is read once, beside.
  return zip.generate({ type: 'nodebuffer', compression: 'DEFLATE', compressionOptions: { level: 1 } });
}

/**
 * The paths that a template reads, each once. Inside a section they begin with the section's: `missing[].item`; such
 * a path may also stand for a member from around the section. The names of pictures begin with `%`: `tables.sites[].%photo`.
 * @throws Problem `template-invalid` naming each faulty tag
 */
export function tagsOf(docx: Buffer): string[] {
  const inspect = new InspectModule();
  open(docx, [createPictureModule(new Map()).module, inspect]);
  const tags = new Set<string>();
  const collect = (parts: DXT.Part[], within: string): void => {
    for (const part of parts) {
      const paths = pathsOf(part);
      for (const path of paths) tags.add(within + path);
      if (part.subparsed) collect(part.subparsed, `${within}${paths[0]}[].`);
    }
  };
  collect(inspect.getAllStructuredTags(), '');
  return [...tags];
}

/**
 * The words of a template with its tags, of text, headers and footers.
 * @throws Problem `template-invalid` naming each faulty tag
 */
export function wordsOf(docx: Buffer): string {
  const document = open(docx, [createPictureModule(new Map()).module]);
  return Object.keys((document.getZip() as PizZip).files)
    .filter((file) => /^word\/(document|header\d*|footer\d*)\.xml$/.test(file))
    .map((file) => document.getFullText(file))
    .join('\n');
}

function pathsOf(part: DXT.Part): string[] {
  try {
    return expressionOf(part.value, part).paths;
  } catch (error) {
    throw faulty([wrongExpression(part.value, (error as Error).message)]);
  }
}

function expressionOf(tag: string, part: { module?: string }): Expression {
  if (!isPicture(part)) return readExpression(tag, filters);
  const expression = readExpression(tag, pictureFilters, (path) => path.with(-1, pictureKey(path.at(-1)!)));
  if (expression.paths.length !== 1) throw new SyntaxError('a picture is one field');
  // A size that is none is found before anything is filled.
  expression.value(() => undefined);
  return expression;
}

function open(docx: Buffer, modules: DXT.Module[], onMissing: (path: string) => void = () => undefined): Docxtemplater {
  checkSize(docx);
  try {
    return new Docxtemplater(new PizZip(docx), {
      parser: (tag: string, meta?: Compiled) => parse(tag, meta, onMissing),
      modules,
      paragraphLoop: true,
      linebreaks: true,
      stripInvalidXMLChars: true,
      errorLogging: false,
      nullGetter: () => '',
    });
  } catch (error) {
    throw refusal(error);
  }
}

/** What docxtemplater hands over besides its declared types. */
interface Compiled {
  tag?: DXT.Part;
}
type Context = DXT.ParserContext & { scopeTypes: string[] };

/** Looks a name up in the innermost section that has it. */
function parse(tag: string, meta: Compiled | undefined, onMissing: (path: string) => void): DXT.Parser {
  if (meta?.tag?.module === 'rawxml') throw new SyntaxError('raw XML is not allowed');
  const { value, paths } = expressionOf(tag, meta?.tag ?? {});
  return {
    get(scope: unknown, { scopeList, scopePathItem, scopeTypes, num }: Context) {
      const find = (name: string): unknown => {
        if (name === 'this') return scope;
        for (let i = num; i >= 0; i--)
          if (isData(scopeList[i]) && Object.hasOwn(scopeList[i], name)) return own(scopeList[i], name);
        return name === 'index' ? (scopePathItem[scopeTypes.lastIndexOf('array')] ?? 0) + 1 : undefined;
      };
      for (const path of paths) {
        const [first, ...rest] = path.split('.');
        if (rest.reduce(own, find(first)) === undefined) onMissing(path);
      }
      return value(find);
    },
  };
}

/** Sizes that an archive declares may be false, so everything is unpacked with a limit first. */
function checkSize(docx: Buffer): void {
  const entries = entriesOf(docx);
  if (!entries || entries.length > LIMIT.entries) throw tooLarge();
  let left = LIMIT.unpacked;
  for (const { at, packed, method } of entries) {
    if (at + 30 > docx.length) throw tooLarge();
    const from = at + 30 + docx.readUInt16LE(at + 26) + docx.readUInt16LE(at + 28);
    try {
      const bytes = docx.subarray(from, from + packed);
      left -= method === 0 ? bytes.length : inflateRawSync(bytes, { maxOutputLength: left }).length;
    } catch {
      throw tooLarge();
    }
    if (left <= 0) throw tooLarge();
  }
}

const tooLarge = () =>
  templateInvalid({
    zh: `模板不是 Word 文件（.docx）、已损坏，或解压后超过 ${LIMIT.unpacked / 1024 / 1024} MB`,
    en: `The template is no Word file (.docx), is damaged, or unpacks to more than ${LIMIT.unpacked / 1024 / 1024} MB`,
  });

interface TemplateError {
  message: string;
  properties?: {
    id?: string;
    errors?: TemplateError[];
    xtag?: string;
    openingtag?: string;
    explanation?: string;
    rootError?: Error;
  };
}

interface Fault {
  tag: string;
  zh: string;
  en: string;
}

/** Faults of the marks themselves, by docxtemplater's name for them; others are faults of the expression within. */
const FAULTS: Record<string, { mark: string; zh: string }> = {
  unclosed_loop: { mark: '#', zh: '没有结束标记 {/}' },
  unopened_loop: { mark: '/', zh: '前面没有它要结束的标记' },
  closing_tag_does_not_match_opening_tag: { mark: '#', zh: '结束标记和它不是一对' },
  unclosed_tag: { mark: '', zh: '少了右花括号' },
  unopened_tag: { mark: '', zh: '少了左花括号' },
  duplicate_open_tag: { mark: '', zh: '左花括号多了一个' },
  duplicate_close_tag: { mark: '', zh: '右花括号多了一个' },
};

function refusal(error: unknown): Error {
  const { properties } = error as TemplateError;
  if (!properties) return error as Error;
  const faults = (properties.errors ?? [error as TemplateError]).map(faultOf);
  const named = faults.filter(({ tag }) => tag !== '');
  return faulty(named.length > 0 ? named : faults);
}

function faultOf({ message, properties: about = {} }: TemplateError): Fault {
  const tag = about.openingtag ?? about.xtag ?? '';
  const known = FAULTS[about.id ?? ''];
  return known
    ? { tag: known.mark + tag, zh: known.zh, en: about.explanation ?? message }
    : wrongExpression(tag, about.rootError?.message ?? about.explanation ?? message);
}

/** @param why as the reader of expressions says it */
function wrongExpression(tag: string, why: string): Fault {
  const filter = /^Filter '(.*)' is not defined/.exec(why)?.[1];
  const en = why.split('\n')[0]!.replace(/^\[.*?\] /, '');
  if (filter) return { tag, zh: `没有加工方法 ${filter}`, en };
  return { tag, zh: why.startsWith('raw XML') ? '不能插入 XML' : '写法有误', en };
}

const faulty = (faults: Fault[]) =>
  templateInvalid({
    zh: `模板里的标记有错：${faults.map(({ tag, zh }) => `{${tag}} ${zh}`).join('；')}。改好模板后重新发布`,
    en: `Faulty tags in the template: ${faults.map(({ tag, en }) => `{${tag}} ${en}`).join('; ')}`,
    fields: faults.map(({ tag, zh, en }) => ({ path: tag, zh: `标记 {${tag}} ${zh}`, en })),
  });
