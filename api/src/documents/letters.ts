/** Letters that the fonts of documents lack: a document with an empty box in a name must not leave the house. */
import PizZip from 'pizzip';
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { columnsOf, findField, isTable, scalarFields, type FormSchema } from '../../../contracts/forms/index.ts';
import { problemKind, type Problem } from '../core/index.ts';
import { formName, type TemplateData } from './data.ts';
import { unprintable, type Fonts } from './fonts.ts';

const documentGlyphs = problemKind(
  'document-glyphs',
  422,
  '文书上有字体印不出的字',
  'The document has characters that the fonts lack',
);

/** The letters of a filled Word file that neither font has, each once. */
export function lettersLacking(docx: Buffer, fonts: Fonts): string[] {
  const texts = new PizZip(docx).file(/^word\/(document|header\d*|footer\d*)\.xml$/);
  return unprintable(texts.map((part) => part.asText().replace(/<[^>]*>/g, '')).join('\n'), fonts);
}

/** Names each letter with the first field that has it; fields of the flow's forms by their label. */
export function unprintableProblem(letters: string[], data: TemplateData, flow: CompiledFlow): Problem {
  const { form, forms, tables, values: _, ...others } = data;
  const texts = textsIn({ form, forms, tables, ...others });
  const fields = letters.map((letter) => {
    const path = texts.find(([, text]) => text.includes(letter))?.[0] ?? [];
    const code = `U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
    const where = labelOf(path, flow);
    return {
      path: path.join('/'),
      zh: `「${where || '模板'}」里的「${letter}」（${code}）文书字体印不出来，请改用通用规范汉字，再重试`,
      en: `The fonts of documents lack "${letter}" (${code}) in ${path.join('.') || 'the template'}; use another character, then try again`,
    };
  });
  return documentGlyphs({
    zh: fields.map(({ zh }) => zh).join('；'),
    en: fields.map(({ en }) => en).join('; '),
    fields,
  });
}

export function textsIn(value: unknown, path: string[] = []): [path: string[], text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => textsIn(member, [...path, key]));
}

/** What people call a member of the data; where the forms don't say, the tag that prints it. */
export function labelOf([kind, name, ...rest]: string[], flow: CompiledFlow): string {
  const main = flow.forms[flow.flow.form];
  const scalar = (form: FormSchema | undefined, key: string | undefined) =>
    form && scalarFields(form).find((field) => field.key === key)?.label;
  const found = () => {
    if (kind === 'form') return scalar(main, name);
    if (kind === 'forms') return scalar(Object.entries(flow.forms).find(([id]) => formName(id) === name)?.[1], rest[0]);
    const table = (kind === 'tables' || kind === 'approved') && main && name ? findField(main, name) : undefined;
    if (!table || !isTable(table)) return undefined;
    const column = columnsOf(table).find(({ key }) => key === rest[1])?.label ?? rest[1];
    return `${table.label}第 ${Number(rest[0]) + 1} 行${column}`;
  };
  return found() ?? [kind, name, ...rest].filter(Boolean).join('.');
}
