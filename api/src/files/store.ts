import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Core, FileStore } from '../core/index.ts';
import { createKeyFile } from '../signatures/index.ts';
import { mimeOf, typeOf } from './type.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Files under the SHA-256 of their plain text, encrypted with AES-256-GCM. The same content is stored once; what is
 * stored is never changed. A row of table `file` says size and type.
 * @throws Error when the key file is no key
 */
export async function createFileStore(
  core: Pick<Core, 'db' | 'time'>,
  { dir, keyFile }: { dir: string; keyFile: string },
): Promise<FileStore> {
  // The key file serves signatures too; what is derived from it for files opens nothing else.
  const key = Buffer.from(hkdfSync('sha256', await createKeyFile(keyFile), '', 'files', 32));
  const pathOf = (hash: string) => join(dir, hash.slice(0, 2), hash);

  function encrypt(plain: Uint8Array, hash: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(hash));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  }

  function decrypt(stored: Buffer, hash: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(hash)).setAuthTag(stored.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(stored.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  }

  return {
    async put(bytes) {
      const hash = sha256(bytes);
      if (!(await exists(pathOf(hash)))) await writeWhole(pathOf(hash), encrypt(bytes, hash));
      const row = { hash, size: bytes.length, type: mimeOf(await typeOf(bytes)), created_at: core.time.now() };
      await core.db('file').insert(row).onConflict('hash').ignore();
      return { hash, size: bytes.length };
    },

    async get(hash) {
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`not the hash of a file: ${hash}`);
      const plain = decrypt(await readFile(pathOf(hash)), hash);
      if (sha256(plain) !== hash) throw new Error(`file ${hash} is not what was stored`);
      return plain;
    },
  };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The file is there whole or not at all, also after a power cut. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
