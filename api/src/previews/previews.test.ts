import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import PizZip from 'pizzip';
import writeExcel from 'write-excel-file/node';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { mimeOf } from '../files/index.ts';
import { createPreviews, sheetsOf, type Previews } from './index.ts';
import { withoutLinkedParts } from './links.ts';

const template = () => readFile(new URL('../../../templates/cma/acceptance-notice.docx', import.meta.url));

describe('previews of files', function () {
  this.timeout(30_000);
  let core: TestCore;
  let previews: Previews;
  const converted: Buffer[] = [];
  before(async () => {
    core = await openTestCore();
    previews = createPreviews(core, {
      async pdf(docx) {
        if (docx.includes('broken')) throw new Error('broken');
        converted.push(docx);
        return Buffer.from('%PDF-1.7\n');
      },
    });
  });
  after(() => core.close());

  const keep = async (bytes: Buffer, type: string) => ({
    hash: (await core.files.put(bytes)).hash,
    type: mimeOf(type),
  });

  it('make a Word file a PDF once, in the background, for whoever asks [PLT-1.8]', async () => {
    const word = await keep(await template(), 'docx');
    assert.equal(await previews.pdf(word.hash), null);
    const [first, again] = [await previews.of(word), await previews.of(word)];
    assert.deepEqual([first.kind, first.state, again.state, first.ahead], ['pdf', 'waiting', 'waiting', 0]);
    await previews.pump();
    assert.equal((await previews.of(word)).state, 'done');
    assert.equal(`${await previews.pdf(word.hash)}`, '%PDF-1.7\n');
    await previews.pump();
    assert.equal(converted.length, 1);
  });

  it('say that a file cannot be converted after a second try, and how many stand before another', async () => {
    const zip = new PizZip();
    zip.file('broken', 'broken', { compression: 'STORE' });
    const broken = await keep(zip.generate({ type: 'nodebuffer' }), 'docx');
    const sheet = await keep(await workbook([['甲', 1]]), 'xlsx');
    core.at('2026-11-21T04:00:00Z');
    await previews.of(broken);
    core.at('2026-11-21T05:00:00Z');
    assert.equal((await previews.of(sheet)).ahead, 1);
    await previews.pump();
    assert.equal((await previews.of(broken)).state, 'failed');
    assert.deepEqual((await previews.of(sheet)).sheets[0]?.rows, [['甲', '1']]);
  });

  it('show the first rows and columns of a sheet as text and say how many there are [PLT-1.8]', async () => {
    const rows = Array.from({ length: 250 }, (_, i) => [`行 ${i + 1}`, i, ...Array(48).fill('x')]);
    const [sheet] = await sheetsOf(await workbook(rows));
    assert.deepEqual(sheet?.total, { rows: 250, columns: 50, sheets: 1 });
    assert.deepEqual(
      [sheet?.rows.length, sheet?.rows[0]?.length, sheet?.rows[1]?.slice(0, 2)],
      [200, 40, ['行 2', '1']],
    );
  });

  it('list what an archive holds, and leave other files to be downloaded', async () => {
    const zip = new PizZip();
    zip.file('报告/一.pdf', 'x');
    const archive = await keep(zip.generate({ type: 'nodebuffer' }), 'zip');
    assert.equal((await previews.of(archive)).entries.includes('报告/一.pdf'), true);
    assert.equal((await previews.of(await keep(Buffer.from('x'), 'ofd'))).kind, 'none');
  });

  it('fetch nothing that a Word file links to', async () => {
    const zip = new PizZip(await template());
    const link = (id: string, kind: string) =>
      `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="http://10.0.0.1/${id}" TargetMode="External"/>`;
    zip.file(
      'word/_rels/document.xml.rels',
      `<Relationships>${link('a', 'image')}${link('b', 'hyperlink')}</Relationships>`,
    );
    const harmless = new PizZip(withoutLinkedParts(zip.generate({ type: 'nodebuffer' })));
    const links = harmless.file('word/_rels/document.xml.rels')!.asText();
    assert.deepEqual(links.match(/Target="[^"]*"/g), ['Target="about:blank"', 'Target="http://10.0.0.1/b"']);
  });
});

const workbook = (rows: (string | number)[][]) =>
  writeExcel(rows.map((row) => row.map((value) => ({ value })))).toBuffer();
