/** ZIP containers (Office files, OFD) from outside: how much they really unpack to. */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { problemKind } from '../core/index.ts';

export const fileArchive = problemKind('file-archive', 415, '文件解压后过大或已损坏', 'The file unpacks to too much');

const inflate = promisify(inflateRaw);
const LARGEST = 200 * 1024 * 1024;
const MOST_ENTRIES = 10_000;

export interface Entry {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  packed: number;
  /** Offset of its local header. */
  at: number;
}

/** Entries of the central directory; null when the bytes are no ZIP file. */
export function entriesOf(bytes: Uint8Array): Entry[] | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 22 || file.readUInt32LE(0) !== 0x04034b50) return null;
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > file.length) return null;
  const entries: Entry[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let i = file.readUInt16LE(end + 10); i > 0; i--) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== 0x02014b50) return null;
    const nameLength = file.readUInt16LE(at + 28);
    entries.push({
      name: file.toString('utf8', at + 46, at + 46 + nameLength),
      method: file.readUInt16LE(at + 10),
      packed: file.readUInt32LE(at + 20),
      at: file.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

/** Unpacks everything with a limit, since sizes that an archive declares may be false. @throws Problem naming the file */
export async function checkArchive(name: string, bytes: Uint8Array): Promise<void> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const refuse = () =>
    fileArchive({
      zh: `「${name}」已损坏，或解压后超过 ${LARGEST / 1024 / 1024} MB。重新另存一份再上传`,
      en: `"${name}" is damaged or unpacks to more than ${LARGEST / 1024 / 1024} MB`,
    });
  const entries = entriesOf(bytes);
  if (!entries || entries.length > MOST_ENTRIES) throw refuse();
  let left = LARGEST;
  for (const entry of entries) {
    if (entry.at + 30 > file.length) throw refuse();
    const from = entry.at + 30 + file.readUInt16LE(entry.at + 26) + file.readUInt16LE(entry.at + 28);
    const packed = file.subarray(from, from + entry.packed);
    if (entry.method === 0) left -= packed.length;
    else if (entry.method !== 8 || left <= 0) throw refuse();
    else {
      try {
        left -= (await inflate(packed, { maxOutputLength: left })).length;
      } catch {
        throw refuse();
      }
    }
    if (left < 0) throw refuse();
  }
}
