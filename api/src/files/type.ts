/** What a file is, by its bytes: names lie. */
import { fileTypeFromBuffer } from 'file-type';
import type { FileType } from '../../../contracts/flow.ts';
import { problemKind } from '../core/index.ts';
import { checkArchive, entriesOf } from './archive.ts';

export const fileEmpty = problemKind('file-empty', 400, '文件是空的', 'The file is empty');
export const fileTypeRefused = problemKind('file-type', 415, '不收这种文件', 'This type of file is not taken');
export const fileMacro = problemKind('file-macro', 415, '文件带有宏', 'The file holds macros');

/** What a flow may ask for, and films taken on the spot. */
export type TakenType = FileType | 'mp4' | 'webm';

const mimes: Record<TakenType, string> = {
  pdf: 'application/pdf',
  ofd: 'application/ofd',
  jpg: 'image/jpeg',
  png: 'image/png',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

export const mimeOf = (type: string | null) => mimes[type as TakenType] ?? 'application/octet-stream';

/** One of the types that are taken, another one by its usual ending, or null when the bytes say nothing. */
export async function typeOf(bytes: Uint8Array): Promise<string | null> {
  const found = (await fileTypeFromBuffer(bytes))?.ext ?? null;
  if (found !== 'zip') return found;
  const names = entriesOf(bytes)?.map((entry) => entry.name) ?? [];
  if (names.some((name) => /(^|\/)vbaProject\.bin$/i.test(name))) return 'docm';
  if (names.includes('OFD.xml')) return 'ofd';
  if (names.includes('word/document.xml')) return 'docx';
  return names.includes('xl/workbook.xml') ? 'xlsx' : 'zip';
}

/**
 * Takes a file only when its bytes are of an allowed type, agree with its name, and hide nothing (macros, archives
 * that unpack to far more). @throws Problem that names the file and how to mend it
 */
export async function acceptFile(name: string, bytes: Uint8Array, allowed: readonly TakenType[]): Promise<TakenType> {
  if (bytes.length === 0)
    throw fileEmpty({ zh: `「${name}」是空文件。选有内容的文件`, en: `"${name}" is empty; choose another file` });
  const type = await typeOf(bytes);
  const list = allowed.join('、').toUpperCase();
  if (type === 'docm' || type === 'xlsm' || hasMacros(bytes))
    throw fileMacro({
      zh: `「${name}」带有宏。另存为不带宏的文件，或导出为 PDF 后再上传`,
      en: `"${name}" holds macros; save it without them or as PDF`,
    });
  const ending = endingOf(name);
  if (type === null || !allowed.includes(type as TakenType))
    throw fileTypeRefused({
      zh:
        type !== null && ending !== type
          ? `「${name}」的内容其实是 ${type.toUpperCase()}。这里收 ${list}`
          : `「${name}」不是这里收的文件。这里收 ${list}`,
      en: `"${name}" is ${type ?? 'of an unknown type'}; taken here: ${allowed.join(', ')}`,
      facts: { name, type, allowed },
    });
  if (ending !== type)
    throw fileTypeRefused({
      zh: `「${name}」的内容其实是 ${type.toUpperCase()}，与扩展名不符。改对扩展名或换一件`,
      en: `"${name}" is in fact ${type}; correct its name or choose another file`,
      facts: { name, type, allowed },
    });
  if (type === 'docx' || type === 'xlsx' || type === 'ofd' || type === 'zip') await checkArchive(name, bytes);
  return type as TakenType;
}

function endingOf(name: string): string {
  const ending = /\.([^.]+)$/.exec(name)?.[1].toLowerCase() ?? '';
  return ending === 'jpeg' ? 'jpg' : ending;
}

function hasMacros(bytes: Uint8Array): boolean {
  return entriesOf(bytes)?.some((entry) => /(^|\/)vbaProject\.bin$/i.test(entry.name)) ?? false;
}
