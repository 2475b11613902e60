import busboy from 'busboy';
import type { Request } from 'express';
import { invalidInput, problemKind } from '../core/index.ts';

export const fileTooLarge = problemKind('file-too-large', 413, '文件太大', 'The file is too large');

export interface Upload {
  /** Its own name without folders and control characters, at most 200 characters. */
  name: string;
  bytes: Buffer;
}

const megabytes = (bytes: number) => `${Math.round((bytes / 1024 / 1024) * 10) / 10} MB`;

/**
 * Reads the one file of a multipart request into memory. A file above `max` bytes is read to its end and dropped, so
 * that the sender gets the answer and not a broken connection. @throws Problem naming the file and the limit
 */
export function readUpload(req: Request, max: number): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const type = req.headers['content-type'] ?? '';
    if (!/^multipart\/form-data\s*;.*boundary=/i.test(type)) {
      reject(missingFile());
      return;
    }
    const parser = busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fileSize: max, fields: 20, fieldSize: 10_000 },
    });
    let upload: Upload | undefined;
    let problem: Error | undefined;
    parser.on('file', (_field, stream, info) => {
      const name = plainName(info.filename);
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('limit', () => {
        problem = tooLarge(name, max);
        parts.length = 0;
        stream.removeAllListeners('data');
        stream.resume();
      });
      stream.on('end', () => {
        upload = { name, bytes: Buffer.concat(parts) };
      });
    });
    parser.on('close', () => {
      if (problem) reject(problem);
      else if (upload) resolve(upload);
      else reject(missingFile());
    });
    parser.on('error', () => reject(problem ?? missingFile()));
    req.on('aborted', () => reject(missingFile()));
    req.pipe(parser);
  });
}

const missingFile = () =>
  invalidInput({
    fields: [{ path: 'file', zh: '没有收到文件。选一个文件再上传', en: 'No file arrived; choose one and send it' }],
  });

export function tooLarge(name: string, max: number) {
  return fileTooLarge({
    zh: `「${name}」超过 ${megabytes(max)}。压缩或拆成几件再上传`,
    en: `"${name}" is larger than ${megabytes(max)}; compress or split it`,
    facts: { name, limit: max },
  });
}

export function plainName(name: string | undefined): string {
  const plain = (name ?? '')
    .normalize('NFC')
    .replace(/^.*[/\\]/, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return plain.length > 200 ? plain.slice(0, 150) + plain.slice(-50) : plain || '文件';
}
