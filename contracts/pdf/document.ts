import { inflate, unpredict } from './filters.ts';
import {
  isDict,
  isName,
  isRef,
  isStream,
  latin1,
  type PdfDict,
  type PdfRef,
  type PdfStream,
  type PdfValue,
} from './objects.ts';
import { PdfError, readObject, readValue, readWord } from './reader.ts';

/** Where an object lies: at a byte of the file, packed in an object stream, or nowhere (free). */
export type Entry =
  { kind: 'free' } | { kind: 'at'; offset: number; gen: number } | { kind: 'packed'; stream: number; index: number };

/** A PDF file opened for reading. Everything is read when asked for; nothing is repaired. */
export interface PdfDocument {
  bytes: Uint8Array;
  trailer: PdfDict;
  /** Of the newest cross-reference section: where it begins and whether it is a stream. */
  xref: { offset: number; isStream: boolean };
  entries: Map<number, Entry>;
  /** The object, or null when there is none. @throws PdfError */
  object(num: number): Promise<PdfValue>;
  /** The value itself, or what it refers to. @throws PdfError */
  resolve(value: PdfValue | undefined): Promise<PdfValue>;
  /** A dictionary, or an empty one when there is none. @throws PdfError */
  dict(value: PdfValue | undefined): Promise<PdfDict>;
  /** The decoded bytes of a stream (Flate or none). @throws PdfError */
  data(stream: PdfStream): Promise<Uint8Array>;
  /** The pages in order, each with its reference. @throws PdfError */
  pages(): Promise<{ ref: PdfRef; dict: PdfDict }[]>;
}

/** Opens a PDF through its cross-reference sections, tables or streams (ISO 32000-1, 7.5). @throws PdfError */
export async function openPdf(bytes: Uint8Array): Promise<PdfDocument> {
  const entries = new Map<number, Entry>();
  const packed = new Map<number, Promise<PdfValue[]>>();

  async function object(num: number): Promise<PdfValue> {
    const entry = entries.get(num);
    if (!entry || entry.kind === 'free') return null;
    if (entry.kind === 'packed') return (await unpack(entry.stream))[entry.index] ?? null;
    const parsed = readObject(bytes, entry.offset);
    if (parsed.num !== num) throw new PdfError(`object ${num} isn't where the cross-references say`, entry.offset);
    return parsed.stream === undefined ? parsed.value : streamAt(parsed.value as PdfDict, parsed.stream);
  }

  function streamAt(dict: PdfDict, start: number): PdfStream {
    const length = plainLength(dict.get('Length'));
    if (typeof length !== 'number' || start + length > bytes.length) throw new PdfError('stream without length', start);
    return { dict, raw: bytes.subarray(start, start + length) };
  }

  /** A length packed in an object stream could depend on itself, and no writer that we meet packs it. */
  function plainLength(value: PdfValue | undefined): PdfValue | undefined {
    if (!isRef(value)) return value;
    const entry = entries.get(value.num);
    return entry?.kind === 'at' ? readObject(bytes, entry.offset).value : undefined;
  }

  async function resolve(value: PdfValue | undefined): Promise<PdfValue> {
    for (let steps = 0; isRef(value) && steps < 20; steps++) value = await object(value.num);
    return value ?? null;
  }

  async function dict(value: PdfValue | undefined): Promise<PdfDict> {
    const found = await resolve(value);
    return isDict(found) ? found : new Map();
  }

  async function data(stream: PdfStream): Promise<Uint8Array> {
    const filter = await resolve(stream.dict.get('Filter'));
    const only = Array.isArray(filter) && filter.length === 1 ? filter[0] : filter;
    if (only === null || (Array.isArray(only) && only.length === 0)) return stream.raw;
    if (!isName(only, 'FlateDecode')) throw new PdfError('stream with an unknown filter', 0);
    const parms = await resolve(stream.dict.get('DecodeParms'));
    return unpredict(await inflate(stream.raw), await dict(Array.isArray(parms) ? parms[0] : parms));
  }

  function unpack(num: number): Promise<PdfValue[]> {
    const known = packed.get(num) ?? unpackStream(num);
    packed.set(num, known);
    return known;
  }

  async function unpackStream(num: number): Promise<PdfValue[]> {
    const stream = entries.get(num)?.kind === 'at' ? await object(num) : null;
    if (!isStream(stream)) throw new PdfError(`no object stream ${num}`, 0);
    const content = await data(stream);
    const count = stream.dict.get('N');
    const first = stream.dict.get('First');
    if (typeof count !== 'number' || typeof first !== 'number')
      throw new PdfError(`object stream ${num} has no head`, 0);
    const head = latin1(content.subarray(0, first)).trim().split(/\s+/).map(Number);
    return Array.from({ length: count }, (_, i) => readValue(content, first + (head[i * 2 + 1] ?? 0)).value);
  }

  async function pages(): Promise<{ ref: PdfRef; dict: PdfDict }[]> {
    const found: { ref: PdfRef; dict: PdfDict }[] = [];
    const seen = new Set<number>();
    const visit = async (value: PdfValue | undefined): Promise<void> => {
      if (!isRef(value) || seen.has(value.num)) return;
      seen.add(value.num);
      const node = await dict(value);
      const kids = await resolve(node.get('Kids'));
      if (Array.isArray(kids)) for (const kid of kids) await visit(kid);
      else found.push({ ref: value, dict: node });
    };
    await visit((await dict(trailer.get('Root'))).get('Pages'));
    return found;
  }

  /** Reads one section and returns its trailer; what a newer section said of an object stays. */
  async function section(offset: number): Promise<PdfDict> {
    if (readWord(bytes, offset).word === 'xref') return table(readWord(bytes, offset).end);
    const parsed = readObject(bytes, offset);
    if (parsed.stream === undefined) throw new PdfError('no cross-reference section', offset);
    const stream = streamAt(parsed.value as PdfDict, parsed.stream);
    readXrefStream(await data(stream), stream.dict);
    return stream.dict;
  }

  function table(at: number): PdfDict {
    for (;;) {
      const first = readWord(bytes, at);
      if (first.word === 'trailer') return readValue(bytes, first.end).value as PdfDict;
      const count = readWord(bytes, first.end);
      if (!/^\d+$/.test(first.word) || !/^\d+$/.test(count.word))
        throw new PdfError('damaged cross-reference table', at);
      at = count.end;
      for (let i = 0; i < Number(count.word); i++) {
        const offset = readWord(bytes, at);
        const gen = readWord(bytes, offset.end);
        const kind = readWord(bytes, gen.end);
        if (kind.word !== 'n' && kind.word !== 'f') throw new PdfError('damaged cross-reference table', at);
        at = kind.end;
        const used: Entry = { kind: 'at', offset: Number(offset.word), gen: Number(gen.word) };
        add(Number(first.word) + i, kind.word === 'n' ? used : { kind: 'free' });
      }
    }
  }

  function readXrefStream(content: Uint8Array, dict: PdfDict) {
    const widths = numbers(dict.get('W'));
    const size = dict.get('Size');
    const index = dict.has('Index') ? numbers(dict.get('Index')) : [0, typeof size === 'number' ? size : 0];
    const row = widths.reduce((sum, width) => sum + width, 0);
    if (widths.length !== 3 || row === 0) throw new PdfError('damaged cross-reference stream', 0);
    let at = 0;
    const field = (column: number, absent: number) => {
      const width = widths[column];
      let value = width ? 0 : absent;
      for (let i = 0; i < width; i++) value = value * 256 + content[at++];
      return value;
    };
    for (let part = 0; part + 1 < index.length; part += 2) {
      for (let i = 0; i < index[part + 1] && at + row <= content.length; i++) {
        const [kind, second, third] = [field(0, 1), field(1, 0), field(2, 0)];
        if (kind === 0) add(index[part] + i, { kind: 'free' });
        if (kind === 1) add(index[part] + i, { kind: 'at', offset: second, gen: third });
        if (kind === 2) add(index[part] + i, { kind: 'packed', stream: second, index: third });
      }
    }
  }

  const numbers = (value: PdfValue | undefined) =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'number') : [];

  const add = (num: number, entry: Entry) => {
    if (!entries.has(num)) entries.set(num, entry);
  };

  const offset = lastXref(bytes);
  const trailer = await section(offset);
  const read = new Set([offset]);
  for (let older: PdfDict | undefined = trailer; older;) {
    const next: number[] = [older.get('XRefStm'), older.get('Prev')].filter((value) => typeof value === 'number');
    older = undefined;
    for (const at of next.filter((at) => !read.has(at))) {
      read.add(at);
      older = await section(at);
    }
  }
  if (trailer.has('Encrypt')) throw new PdfError('encrypted', 0);
  const isTable = readWord(bytes, offset).word === 'xref';
  return { bytes, trailer, xref: { offset, isStream: !isTable }, entries, object, resolve, dict, data, pages };
}

function lastXref(bytes: Uint8Array): number {
  const tail = latin1(bytes.subarray(Math.max(0, bytes.length - 2048)));
  const found = /^[\s\S]*startxref\s+(\d+)\s+%%EOF/.exec(tail);
  const offset = Number(found?.[1] ?? NaN);
  if (!(offset < bytes.length)) throw new PdfError('no startxref', bytes.length);
  return offset;
}
