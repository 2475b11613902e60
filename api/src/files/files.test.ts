import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import PizZip from 'pizzip';
import type { FileStore } from '../core/index.ts';
import { Problem } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { acceptFile, createFileStore, readUpload, sendFile } from './index.ts';

const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
const zip = (files: Record<string, string | Buffer>): Buffer => {
  const archive = new PizZip();
  for (const [name, content] of Object.entries(files)) archive.file(name, content);
  return archive.generate({ type: 'nodebuffer', compression: 'DEFLATE' });
};
const xlsx = (more = {}) =>
  zip({
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    'xl/workbook.xml': '<workbook/>',
    ...more,
  });
const code = async (name: string, bytes: Buffer, allowed: Parameters<typeof acceptFile>[2]) => {
  try {
    return await acceptFile(name, bytes, allowed);
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    assert.match(error.zh, new RegExp(`「${name.replace('.', '\\.')}」`));
    return error.code;
  }
};

describe('files', () => {
  describe('store', () => {
    let core: TestCore;
    let folder: string;
    let store: FileStore;
    before(async () => {
      core = await openTestCore();
      folder = await mkdtemp(join(tmpdir(), 'zy-files-'));
      store = await createFileStore(core, { dir: join(folder, 'files'), keyFile: join(folder, 'key') });
    });
    after(async () => {
      await core.close();
      await rm(folder, { recursive: true });
    });
    const stored = async (hash: string) => join(folder, 'files', hash.slice(0, 2), hash);

    it('keeps content once, encrypted, under its SHA-256, with a key file of mode 0600 [PLT-4.2]', async () => {
      const [one, two] = await Promise.all([store.put(pdf), store.put(pdf)]);
      assert.deepEqual(one, two);
      assert.equal(one.hash, createHash('sha256').update(pdf).digest('hex'));
      assert.deepEqual(await store.get(one.hash), pdf);
      assert.equal((await readFile(await stored(one.hash))).includes('endobj'), false);
      assert.deepEqual(await readdir(join(folder, 'files', one.hash.slice(0, 2))), [one.hash]);
      assert.equal((await stat(join(folder, 'key'))).mode & 0o777, 0o600);
      const row = await core.db('file').where({ hash: one.hash }).first();
      assert.deepEqual([Number(row.size), row.type], [pdf.length, 'application/pdf']);
    });

    it('refuses to hand out what was changed on disk, and unknown hashes', async () => {
      const { hash } = await store.put(png);
      const bytes = await readFile(await stored(hash));
      bytes[bytes.length - 1] ^= 1;
      await writeFile(await stored(hash), bytes);
      await assert.rejects(store.get(hash));
      await assert.rejects(store.get('0'.repeat(64)));
      await assert.rejects(store.get('../../etc/passwd'), /not the hash/);
    });

    it('opens with the same key again', async () => {
      const { hash } = await store.put(exe);
      const again = await createFileStore(core, { dir: join(folder, 'files'), keyFile: join(folder, 'key') });
      assert.deepEqual(await again.get(hash), exe);
    });
  });

  it('takes files by their bytes, not by their names, and names the file it refuses [CMA-3.12]', async () => {
    assert.equal(await code('a.pdf', pdf, ['pdf']), 'pdf');
    assert.equal(await code('a.PNG', png, ['png']), 'png');
    assert.equal(await code('book.xlsx', xlsx(), ['xlsx']), 'xlsx');
    assert.equal(await code('a.ofd', zip({ 'OFD.xml': '<ofd/>' }), ['ofd']), 'ofd');
    assert.equal(await code('a.pdf', exe, ['pdf']), 'file-type');
    assert.equal(await code('a.pdf', png, ['pdf', 'png']), 'file-type');
    assert.equal(await code('a.png', pdf, ['png']), 'file-type');
    assert.equal(await code('a.txt', Buffer.from('hello'), ['pdf']), 'file-type');
    assert.equal(await code('a.pdf', Buffer.alloc(0), ['pdf']), 'file-empty');
    assert.equal(await code('m.xlsx', xlsx({ 'xl/vbaProject.bin': 'x' }), ['xlsx']), 'file-macro');
  });

  it('refuses archives that unpack to far more than they say', async () => {
    const bomb = xlsx({ 'xl/worksheets/sheet1.xml': Buffer.alloc(220 * 1024 * 1024) });
    assert.equal(bomb.length < 1_000_000, true);
    assert.equal(await code('b.xlsx', bomb, ['xlsx']), 'file-archive');
    assert.equal(await code('c.xlsx', xlsx().subarray(0, -30), ['xlsx']), 'file-archive');
  }).timeout(20_000);

  describe('upload and download', () => {
    const max = 1024 * 1024;
    let url: string;
    let server: ReturnType<express.Express['listen']>;
    before(async () => {
      const app = express();
      app.post('/up', async (req, res) => {
        const { name, bytes } = await readUpload(req, max);
        res.json({ name, size: bytes.length });
      });
      app.get('/down', (req, res) => {
        sendFile(res, { bytes: pdf, name: '质量手册 "1".pdf', type: String(req.query.type) });
      });
      app.use(((error, _req, res, _next) => {
        res.status(error.status ?? 500).json(error);
      }) as express.ErrorRequestHandler);
      server = app.listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());
    const send = async (name: string, bytes: Buffer) => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(bytes)]), name);
      const answer = await fetch(`${url}/up`, { method: 'POST', body: form });
      return { status: answer.status, body: await answer.json() };
    };

    it('reads one file with its Chinese name and cuts folders off it', async () => {
      assert.deepEqual(await send('../../质量手册.pdf', pdf), {
        status: 200,
        body: { name: '质量手册.pdf', size: pdf.length },
      });
    });

    it('answers a file above the limit with the limit, and a missing file with what to do [CMA-3.12]', async () => {
      const { status, body } = await send('big.pdf', Buffer.alloc(6 * max));
      assert.equal(status, 413);
      assert.equal(body.code, 'file-too-large');
      assert.equal(body.zh, '「big.pdf」超过 1 MB。压缩或拆成几件再上传');
      const none = await fetch(`${url}/up`, { method: 'POST', body: new FormData() });
      assert.equal(none.status, 400);
      const json = await fetch(`${url}/up`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(json.status, 400);
      const broken = await fetch(`${url}/up`, {
        method: 'POST',
        body: 'nonsense',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      });
      assert.equal(broken.status, 400);
    });

    it('hands files out harmless', async () => {
      const shown = await fetch(`${url}/down?type=application/pdf`);
      assert.match(shown.headers.get('content-disposition')!, /^inline; .*filename\*=UTF-8''%E8%B4%A8/);
      assert.equal(shown.headers.get('x-content-type-options'), 'nosniff');
      assert.match(shown.headers.get('content-security-policy')!, /default-src 'none'/);
      const saved = await fetch(`${url}/down?type=text/html`);
      assert.match(saved.headers.get('content-disposition')!, /^attachment; filename="____ _1_.pdf"/);
      assert.match(saved.headers.get('content-security-policy')!, /sandbox/);
    });
  });
});
