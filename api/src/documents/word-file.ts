/** Word files as packages of parts (ECMA-376, part 2). */
import { posix } from 'node:path';
import PizZip from 'pizzip';

const CONTENT_TYPES = '[Content_Types].xml';
const RELATIONS = '_rels/.rels';
const MAIN = /<(?:\w+:)?Relationship\b[^>]*\/officeDocument"[^>]*>/;

/** The part that a Word file lacks and no program opens it without, or null. What is no archive lacks its first part. */
export function missingPart(docx: Buffer | PizZip): string | null {
  const zip = docx instanceof PizZip ? docx : opened(docx);
  if (!zip?.file(CONTENT_TYPES)) return CONTENT_TYPES;
  const relations = zip.file(RELATIONS)?.asText();
  if (relations === undefined) return RELATIONS;
  const target = MAIN.exec(relations)?.[0].match(/\bTarget="([^"]*)"/)?.[1] ?? 'word/document.xml';
  const main = posix.join('.', target.replace(/^\//, ''));
  return zip.file(main) ? null : main;
}

function opened(docx: Buffer): PizZip | null {
  try {
    return new PizZip(docx);
  } catch {
    return null;
  }
}
