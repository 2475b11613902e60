import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyFile, createVault } from './key-file.ts';

describe('key file', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'zhunyu-key-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, readable for the owner only, the same for all who start together', async () => {
    const path = join(folder, 'data', 'key');
    const keys = await Promise.all(Array.from({ length: 5 }, () => createKeyFile(path)));
    assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 1);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(folder, 'data')), ['key']);
  });

  it('refuses a file that is no key', async () => {
    await writeFile(join(folder, 'key'), 'short');
    await assert.rejects(createKeyFile(join(folder, 'key')), /应为 32 字节/);
  });
});

describe('vault', () => {
  const vault = createVault(Buffer.alloc(32, 1));
  const text = vault.encrypt(Buffer.from('private'), 'office:520000');

  it('gives back what it encrypted', () => {
    assert.equal(vault.decrypt(text, 'office:520000').toString(), 'private');
    assert.notEqual(vault.encrypt(Buffer.from('private'), 'office:520000'), text);
  });

  it('refuses another name, another key and a changed text', () => {
    assert.throws(() => vault.decrypt(text, 'office:520100'));
    assert.throws(() => createVault(Buffer.alloc(32, 2)).decrypt(text, 'office:520000'));
    assert.throws(() =>
      vault.decrypt(
        text.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
        'office:520000',
      ),
    );
  });
});
