import { EDGE_SEAL, text } from './signature-field.ts';
import { openPdf, type PdfDocument } from './document.ts';
import { isDict, isName, isRef, write, type PdfValue } from './objects.ts';

/** What was changed, as the end of a sentence. */
export interface Change {
  zh: string;
  en: string;
}

/**
 * What a later revision changes besides adding signature fields and their pictures. A later trusted signature
 * vouches for the whole file, but it must not lend the earlier signer's name to other content.
 */
export async function otherThanSignatures(earlier: Uint8Array, later: Uint8Array): Promise<Change | undefined> {
  try {
    const [before, after] = [await openPdf(earlier), await openPdf(later)];
    const root = before.trailer.get('Root');
    const pages = (await before.pages()).map((page) => page.ref.num);
    const form = (await before.dict(root)).get('AcroForm');
    const sameTrailer = ['Root', 'Info'].every(
      (key) => shown(before.trailer.get(key)) === shown(after.trailer.get(key)),
    );
    if (!sameTrailer) return { zh: '文件目录被改动', en: 'the catalog was changed' };
    for (const [num, was] of before.entries) {
      if (was.kind === 'free' || JSON.stringify(after.entries.get(num)) === JSON.stringify(was)) continue;
      const [a, b] = [await before.object(num), await after.object(num)];
      const page = pages.indexOf(num);
      if (isRef(root) && num === root.num && (await onlyGrew(before, a, after, b, { AcroForm: formGrew }))) continue;
      if (isRef(form) && num === form.num && (await formGrew(before, a, after, b))) continue;
      if (page >= 0 && (await onlyGrew(before, a, after, b, { Annots: signaturesAdded }))) continue;
      if (page >= 0) return { zh: `第 ${page + 1} 页被改动`, en: `page ${page + 1} was changed` };
      return { zh: `对象 ${num} 被改动`, en: `object ${num} was changed` };
    }
    return undefined;
  } catch {
    return { zh: '文件结构被改动', en: 'the structure was changed' };
  }
}

type Grew = (before: PdfDocument, a: PdfValue, after: PdfDocument, b: PdfValue) => Promise<boolean>;

const shown = (value: PdfValue | undefined) => (value === undefined ? '' : write(value));

/** Whether two dictionaries are the same but for the named entries, and these have grown only. */
async function onlyGrew(
  before: PdfDocument,
  a: PdfValue,
  after: PdfDocument,
  b: PdfValue,
  grown: Record<string, Grew>,
): Promise<boolean> {
  if (!isDict(a) || !isDict(b)) return false;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const grew = grown[key];
    if (
      grew
        ? !(await grew(before, a.get(key) ?? null, after, b.get(key) ?? null))
        : shown(a.get(key)) !== shown(b.get(key))
    )
      return false;
  }
  return true;
}

const formGrew: Grew = async (before, a, after, b) =>
  onlyGrew(before, (await before.resolve(a)) ?? new Map(), after, await after.resolve(b), {
    Fields: signaturesAdded,
    SigFlags: async () => true,
  });

/** Whether a list of annotations or fields keeps what it had and gained nothing but signature fields and page-edge seals. */
const signaturesAdded: Grew = async (before, a, after, b) => {
  const [was, is] = [(await before.resolve(a)) ?? [], (await after.resolve(b)) ?? []];
  if (!Array.isArray(was) || !Array.isArray(is)) return false;
  if (!was.every((item, i) => shown(item) === shown(is[i]))) return false;
  for (const item of is.slice(was.length)) {
    const field = await after.dict(item);
    const isSignature = isName(field.get('FT'), 'Sig') && isRef(field.get('V'));
    const isSlice = isName(field.get('Subtype'), 'Stamp') && text(field, 'NM').startsWith(EDGE_SEAL);
    if (!isSignature && !isSlice) return false;
  }
  return true;
};
