/** Word templates: tags `{…}` are filled with data; see `templates/README.md` for those who write them. */
import { inflateRawSync } from 'node:zlib';
import Docxtemplater, { type DXT } from 'docxtemplater';
import InspectModule from 'docxtemplater/js/inspect-module.js';
import PizZip from 'pizzip';
import { problemKind } from '../core/index.ts';
import { entriesOf } from '../files/index.ts';
import { isData, own, readExpression } from './expressions.ts';
import { filters } from './filters.ts';

export const templateInvalid = problemKind('template-invalid', 422, '模板有错', 'The template is faulty');

const LIMIT = { entries: 500, unpacked: 20 * 1024 * 1024 };
/** Time of every entry, so that the same data give the same bytes. */
const STAMP = new Date(1980, 0, 1);

/**
 * Fills a Word template. Sections `{#rows}…{/rows}` repeat paragraphs or table rows and are conditions as well; in
 * one, `{index}` counts from 1. A value that isn't there prints nothing. The same template and data give the same
 * bytes.
 * @param onMissing is told each path that isn't in the data
 * @throws Problem `template-invalid` naming each faulty tag
 */
export function fillTemplate(docx: Buffer, data: object, onMissing: (path: string) => void = () => undefined): Buffer {
  const document = open(docx, onMissing);
  try {
    document.render(data);
  } catch (error) {
    throw refusal(error);
  }
  const zip = document.getZip() as PizZip;
  for (const entry of Object.values(zip.files)) entry.date = STAMP;
  return zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' });
}

/**
 * The paths that a template reads, each once. Inside a section they begin with the section's: `missing[].item`; such
 * a path may also stand for a member from around the section.
 * @throws Problem `template-invalid` naming each faulty tag
 */
export function tagsOf(docx: Buffer): string[] {
  const inspect = new InspectModule();
  open(docx, () => undefined, [inspect]);
  const tags = new Set<string>();
  const collect = (parts: DXT.Part[], within: string): void => {
    for (const { value, subparsed } of parts) {
      const paths = pathsOf(value);
      for (const path of paths) tags.add(within + path);
      if (subparsed) collect(subparsed, `${within}${paths[0]}[].`);
    }
  };
  collect(inspect.getAllStructuredTags(), '');
  return [...tags];
}

function pathsOf(tag: string): string[] {
  try {
    return readExpression(tag, filters).paths;
  } catch (error) {
    throw faulty([{ tag, why: (error as Error).message }]);
  }
}

function open(docx: Buffer, onMissing: (path: string) => void, modules: DXT.Module[] = []): Docxtemplater {
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
  const { value, paths } = readExpression(tag, filters);
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
  properties?: { errors?: TemplateError[]; xtag?: string; explanation?: string; rootError?: Error };
}

function refusal(error: unknown): Error {
  const { properties } = error as TemplateError;
  if (!properties) return error as Error;
  return faulty(
    (properties.errors ?? [error as TemplateError]).map(({ message, properties: about }) => ({
      tag: about?.xtag ?? '',
      why: about?.rootError?.message ?? about?.explanation ?? message,
    })),
  );
}

const faulty = (tags: { tag: string; why: string }[]) =>
  templateInvalid({
    zh: `模板里的标记有错：${tags.map(({ tag }) => `{${tag}}`).join('、')}。改好模板后重新发布`,
    en: `Faulty tags in the template: ${tags.map(({ tag, why }) => `{${tag}} ${why}`).join('; ')}`,
    fields: tags.map(({ tag, why }) => ({ path: tag, zh: `标记 {${tag}} 写法有误`, en: why })),
  });
