import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts private keys at rest. `context` names what is encrypted: a text can't be moved to another name. */
export interface Vault {
  /** AES-256-GCM; base64 of iv, tag and cipher text. */
  encrypt(plain: Uint8Array, context: string): string;
  /** @throws Error when the text was encrypted with another key or for another context */
  decrypt(text: string, context: string): Buffer;
}

/**
 * Opens the key file, made with 32 random bytes and mode 0600 when there is none. Processes that start together
 * get the same key: the file appears whole or not at all, and the first one stays.
 * @throws Error when the file isn't a key
 */
export async function createKeyFile(path: string): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  const key = await readFile(path);
  if (key.length !== KEY_BYTES) {
    throw new Error(`密钥文件 ${path} 应为 ${KEY_BYTES} 字节 / the key file must hold ${KEY_BYTES} bytes`);
  }
  return key;
}

export function createVault(key: Buffer): Vault {
  return {
    encrypt(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    decrypt(text, context) {
      const bytes = Buffer.from(text, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    },
  };
}
