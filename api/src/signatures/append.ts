import { deflateSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { openPdf, type PdfDocument } from '../../../contracts/pdf/document.ts';
import {
  dict,
  isRef,
  latin1Bytes,
  name,
  ref,
  textString,
  write,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from '../../../contracts/pdf/objects.ts';
import { EDGE_SEAL, signatureFields, text } from '../../../contracts/pdf/signature-field.ts';
import type { SealPlace } from './place.ts';
import { sealOperators, type SealPicture } from './seal-picture.ts';

/** What a signature says and shows. */
export interface Appearance {
  name: string;
  reason: string;
  location: string;
  at: Date;
  seal?: { picture: SealPicture; place: SealPlace };
  /** Handwriting; in place of a seal. */
  ink?: { ink: Ink; place: SealPlace };
}

/** Handwriting as a picture: how much ink each point has, row by row from the top. */
export interface Ink {
  width: number;
  height: number;
  /** One byte per point; 0: paper. */
  alpha: Buffer;
}

/** The seal of an authority at provincial level and below: 42 mm across (国发〔1999〕25号). */
const SEAL_POINTS = (42 / 25.4) * 72;
/** Room for the message; ours is 1.4 KB, another authority's chain may be longer. */
const CONTENTS_BYTES = 8192;
const INK_GRAY = 20;
/** Largest size of handwriting in points: about 32 by 12 mm. */
const INK_POINTS = { width: 90, height: 34 };
const OFFSET_DIGITS = 10;
/** Most pages of one page-edge seal: on each at least 4 mm of it. */
const EDGE_PAGES = 10;
const A4: [number, number, number, number] = [0, 0, 595.28, 841.89];
const FLAGS_PRINTED_LOCKED = 132;

/**
 * Appends a signature to a PDF as an incremental update (ISO 32000-1, 7.5.6): not one byte of what is there
 * changes, so earlier signatures stay whole. `sign` gets the bytes to be signed and returns the CMS message.
 * @throws PdfError when the file can't be read or is encrypted
 */
export async function appendSignature(
  pdf: Uint8Array,
  look: Appearance,
  sign: (content: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>,
): Promise<Buffer> {
  const document = await openPdf(pdf);
  const update = createUpdate(document);
  const signature = update.add(signatureDict(look));
  await addField(document, update, look, ref(signature));
  const file = Buffer.concat([pdf, update.write()]);
  const contents = file.indexOf('/Contents <', pdf.length) + '/Contents '.length;
  const rest = contents + CONTENTS_BYTES * 2 + 2;
  const range = [0, contents, rest, file.length - rest];
  const written = range.map((value, i) => (i ? String(value).padEnd(OFFSET_DIGITS) : '0')).join(' ');
  file.write(`/ByteRange [${written}]`, file.indexOf('/ByteRange [', pdf.length), 'latin1');
  const message = await sign(Uint8Array.from(Buffer.concat([file.subarray(0, contents), file.subarray(rest)])));
  if (message.length > CONTENTS_BYTES) throw new RangeError('the signature is larger than the room kept for it');
  file.write(Buffer.from(message).toString('hex'), contents + 1, 'latin1');
  return file;
}

function signatureDict(look: Appearance): string {
  const entries = dict({
    Type: name('Sig'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.CAdES.detached'),
    Name: textString(look.name),
    Reason: textString(look.reason),
    Location: textString(look.location),
    M: textString(pdfDate(look.at)),
  });
  const room = `/ByteRange [0${` ${'*'.repeat(OFFSET_DIGITS)}`.repeat(3)}] /Contents <${'0'.repeat(CONTENTS_BYTES * 2)}>`;
  return write(entries).replace(/>>$/, ` ${room}>>`);
}

async function addField(document: PdfDocument, update: Update, look: Appearance, value: PdfValue): Promise<void> {
  const pages = await document.pages();
  const place = look.seal?.place ?? look.ink?.place;
  const at = (place?.page ?? pages.length) - 1;
  const page = pages[at];
  if (!page) throw new RangeError(`the PDF has no page ${place?.page}`);
  const field = dict({
    Type: name('Annot'),
    Subtype: name('Widget'),
    FT: name('Sig'),
    T: textString(`Signature${(await signatureFields(document)).length + 1}`),
    V: value,
    F: FLAGS_PRINTED_LOCKED,
    P: page.ref,
    Rect: [0, 0, 0, 0],
  });
  const slices: (PdfValue | undefined)[] = [];
  if (look.seal) {
    const { x, y } = look.seal.place;
    const half = SEAL_POINTS / 2;
    const picture = ref(update.add(pictureStream(look.seal.picture)));
    field.set('Rect', rounded([x - half, y - half, x + half, y + half]));
    field.set('AP', dict({ N: picture }));
    slices.push(...(await edgeSlices(document, update, pages, picture)));
  }
  if (look.ink) {
    const { ink, place: middle } = look.ink;
    const scale = Math.min(INK_POINTS.width / ink.width, INK_POINTS.height / ink.height);
    const [width, height] = [ink.width * scale, ink.height * scale];
    const [left, bottom] = [middle.x - width / 2, middle.y - height / 2];
    field.set('Rect', rounded([left, bottom, left + width, bottom + height]));
    field.set('AP', dict({ N: ref(update.add(inkStream(update, ink, width, height))) }));
  }
  const widget = ref(update.add(write(field)));
  for (const [i, { ref: own, dict: held }] of pages.entries()) {
    const added = [slices[i], i === at ? widget : undefined].filter((item) => item !== undefined);
    if (added.length === 0) continue;
    const annotations = await listOf(document, held.get('Annots'));
    update.replace(own.num, new Map(held).set('Annots', [...annotations, ...added]));
  }
  await addToForm(document, update, widget);
}

const rounded = (sides: number[]) => sides.map((side) => Math.round(side * 100) / 100);

/**
 * The page-edge seal 骑缝章: pages laid like a fan show one seal along their right edges, each page a slice of it. A
 * page that is exchanged or missing breaks the picture on paper too. Annotations of pages: a stamp each.
 */
async function edgeSlices(
  document: PdfDocument,
  update: Update,
  pages: { ref: PdfRef; dict: PdfDict }[],
  picture: PdfRef,
): Promise<(PdfRef | undefined)[]> {
  if (pages.length < 2) return [];
  const slices: PdfRef[] = [];
  for (const [i, { ref: own, dict: page }] of pages.entries()) {
    const [, bottom, right, top] = await boxOf(document, page);
    const { from, width } = sliceOf(i, pages.length);
    const earlier = await edgeSeals(document, page);
    const middle = (bottom + top) / 2 + shiftOf(earlier) * SEAL_POINTS;
    const raw = latin1Bytes(`1 0 0 1 ${-from} 0 cm /Seal Do`);
    const shown = update.add(
      write({
        dict: dict({
          Type: name('XObject'),
          Subtype: name('Form'),
          BBox: [0, 0, width, SEAL_POINTS],
          Resources: dict({ XObject: dict({ Seal: picture }) }),
          Length: raw.length,
        }),
        raw,
      }),
    );
    const stamp = dict({
      Type: name('Annot'),
      Subtype: name('Stamp'),
      NM: textString(`${EDGE_SEAL}-${earlier + 1}`),
      F: FLAGS_PRINTED_LOCKED,
      P: own,
      Rect: rounded([right - width, middle - SEAL_POINTS / 2, right, middle + SEAL_POINTS / 2]),
      AP: dict({ N: ref(shown) }),
    });
    slices.push(ref(update.add(write(stamp))));
  }
  return slices;
}

async function edgeSeals(document: PdfDocument, page: PdfDict): Promise<number> {
  let found = 0;
  for (const item of await listOf(document, page.get('Annots')))
    if (text(await document.dict(item), 'NM').startsWith(EDGE_SEAL)) found++;
  return found;
}

/** A second seal stands above the first, a third one below: 0, 1, -1, 2 … */
const shiftOf = (earlier: number) => (earlier % 2 ? 1 : -1) * Math.ceil(earlier / 2);

/** Which part of the seal a page shows: groups of pages of about equal size have a whole seal each. */
export function sliceOf(index: number, pages: number): { from: number; width: number } {
  const groups = Math.ceil(pages / EDGE_PAGES);
  const group = Math.floor((index * groups) / pages);
  const first = Math.ceil((group * pages) / groups);
  const count = Math.ceil(((group + 1) * pages) / groups) - first;
  const width = SEAL_POINTS / count;
  return { from: width * (index - first), width };
}

/** The visible area of a page; an attribute that pages inherit (ISO 32000-1, 7.7.3.4). */
async function boxOf(document: PdfDocument, page: PdfDict): Promise<[number, number, number, number]> {
  for (const key of ['CropBox', 'MediaBox']) {
    for (
      let node = page, steps = 0;
      node.size > 0 && steps < 20;
      node = await document.dict(node.get('Parent')), steps++
    ) {
      const box = (await listOf(document, node.get(key))).filter((side) => typeof side === 'number');
      const [left, bottom, right, top] = box;
      if (box.length === 4)
        return [Math.min(left!, right!), Math.min(bottom!, top!), Math.max(left!, right!), Math.max(bottom!, top!)];
    }
  }
  return A4;
}

async function addToForm(document: PdfDocument, update: Update, widget: PdfValue): Promise<void> {
  const root = document.trailer.get('Root');
  if (!isRef(root)) throw new TypeError('the PDF has no catalog');
  const catalog = await document.dict(root);
  const held = catalog.get('AcroForm');
  const form = new Map(await document.dict(held));
  const signaturesExistAppendOnly = 3;
  form
    .set('Fields', [...(await listOf(document, form.get('Fields'))), widget])
    .set('SigFlags', signaturesExistAppendOnly);
  if (isRef(held)) update.replace(held.num, form);
  else update.replace(root.num, new Map(catalog).set('AcroForm', form));
}

async function listOf(document: PdfDocument, value: PdfValue | undefined): Promise<PdfValue[]> {
  const found = await document.resolve(value);
  return Array.isArray(found) ? found : [];
}

function pictureStream(picture: SealPicture): string {
  const half = SEAL_POINTS / 2;
  // Multiplied with the page, so that date and name below the seal stay legible, as under red ink.
  const raw = deflateSync(
    `/Ink gs 0.784 0.063 0.18 rg ${half} 0 0 ${half} ${half} ${half} cm\n${sealOperators(picture)}`,
  );
  const ink = dict({ Type: name('ExtGState'), BM: name('Multiply'), ca: 0.9 });
  return write({
    dict: dict({
      Type: name('XObject'),
      Subtype: name('Form'),
      BBox: [0, 0, SEAL_POINTS, SEAL_POINTS],
      Resources: dict({ ExtGState: dict({ Ink: ink }) }),
      Group: dict({ Type: name('Group'), S: name('Transparency') }),
      Filter: name('FlateDecode'),
      Length: raw.length,
    }),
    raw,
  });
}

/** Dark ink whose strength at each point is the picture's mask; the paper shows through. */
function inkStream(update: Update, ink: Ink, width: number, height: number): string {
  const image = (pixels: Buffer, more: Record<string, PdfValue>) => {
    const raw = deflateSync(pixels);
    const entries = {
      ...{ Type: name('XObject'), Subtype: name('Image'), Width: ink.width, Height: ink.height },
      ...{ ColorSpace: name('DeviceGray'), BitsPerComponent: 8, Filter: name('FlateDecode'), Length: raw.length },
    };
    return update.add(write({ dict: dict({ ...entries, ...more }), raw }));
  };
  const mask = image(ink.alpha, {});
  const picture = image(Buffer.alloc(ink.alpha.length, INK_GRAY), { SMask: ref(mask) });
  const raw = latin1Bytes(`${width} 0 0 ${height} 0 0 cm /Ink Do`);
  return write({
    dict: dict({
      Type: name('XObject'),
      Subtype: name('Form'),
      BBox: [0, 0, width, height],
      Resources: dict({ XObject: dict({ Ink: ref(picture) }) }),
      Length: raw.length,
    }),
    raw,
  });
}

interface Update {
  /** Adds an object and returns its number. */
  add(body: string): number;
  replace(num: number, value: PdfDict): void;
  write(): Buffer;
}

/** An incremental update: objects, then cross-references of the kind that the file has. */
function createUpdate(document: PdfDocument): Update {
  const bodies = new Map<number, string>();
  const size = document.trailer.get('Size');
  if (typeof size !== 'number') throw new TypeError('the PDF has no size');
  let next = size;

  const generation = (num: number) => {
    const entry = document.entries.get(num);
    return entry?.kind === 'at' ? entry.gen : 0;
  };

  function add(body: string): number {
    bodies.set(next, body);
    return next++;
  }

  return {
    add,
    replace: (num, value) => void bodies.set(num, write(value)),
    write() {
      let text = '\n';
      const places = new Map<number, number>();
      const start = document.bytes.length;
      for (const [num, body] of [...bodies].sort(([a], [b]) => a - b)) {
        places.set(num, start + text.length);
        text += `${num} ${generation(num)} obj\n${body}\nendobj\n`;
      }
      const xref = start + text.length;
      const rows = [...places].map(([num, offset]) => ({ num, offset, gen: generation(num) }));
      const trailer = nextTrailer(document, text, next);
      text += document.xref.isStream ? crossStream(next, xref, rows, trailer) : crossTable(rows, trailer);
      return Buffer.from(latin1Bytes(`${text}startxref\n${xref}\n%%EOF\n`));
    },
  };
}

interface Row {
  num: number;
  offset: number;
  gen: number;
}

/** The second part of the file's id changes with each revision (ISO 32000-1, 14.4). */
function nextTrailer(document: PdfDocument, text: string, size: number): PdfDict {
  const kept = ['Root', 'Info'].filter((key) => document.trailer.has(key));
  const trailer: PdfDict = new Map(kept.map((key) => [key, document.trailer.get(key)!]));
  const id = document.trailer.get('ID');
  const revision = { bytes: Uint8Array.from(createHash('md5').update(text).digest()) };
  if (Array.isArray(id)) trailer.set('ID', [id[0], revision]);
  return trailer.set('Size', size).set('Prev', document.xref.offset);
}

function crossTable(rows: Row[], trailer: PdfDict): string {
  const digits = (value: number, width: number) => String(value).padStart(width, '0');
  const lines = rows.map(({ num, offset, gen }) => `${num} 1\n${digits(offset, 10)} ${digits(gen, 5)} n \n`);
  return `xref\n${lines.join('')}trailer\n${write(trailer)}\n`;
}

function crossStream(num: number, offset: number, rows: Row[], trailer: PdfDict): string {
  const all = [...rows, { num, offset, gen: 0 }];
  const raw = Buffer.alloc(all.length * 7);
  all.forEach((row, i) => {
    raw.writeUInt8(1, i * 7);
    raw.writeUInt32BE(row.offset, i * 7 + 1);
    raw.writeUInt16BE(row.gen, i * 7 + 5);
  });
  const entries = new Map(trailer)
    .set('Type', name('XRef'))
    .set('Size', num + 1)
    .set('W', [1, 4, 2])
    .set(
      'Index',
      all.flatMap((row) => [row.num, 1]),
    )
    .set('Length', raw.length);
  return `${num} 0 obj\n${write({ dict: entries, raw })}\nendobj\n`;
}

/** The time in China, as PDF writes it (ISO 32000-1, 7.9.4). */
function pdfDate(at: Date): string {
  const china = new Date(at.getTime() + 8 * 3600_000).toISOString();
  return `D:${china.slice(0, 19).replace(/[-:T]/g, '')}+08'00'`;
}
