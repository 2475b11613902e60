import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PizZip from 'pizzip';
import { createFonts } from '../fonts.ts';
import { createWasm } from './wasm.ts';
import type { WordToPdf } from './index.ts';

/** The smallest Word file with one paragraph. */
function word(text: string): Buffer {
  const zip = new PizZip();
  zip.file(
    '[Content_Types].xml',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  );
  zip.file(
    '_rels/.rels',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
  );
  zip.file(
    'word/document.xml',
    `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:rPr><w:rFonts w:ascii="Noto Serif SC" w:eastAsia="Noto Serif SC"/></w:rPr><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
  );
  return zip.generate({ type: 'nodebuffer' });
}

describe('Word to PDF', function () {
  this.timeout(120_000);
  let dataDir: string;
  let pdf: WordToPdf;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'zhunyu-wasm-'));
    pdf = createWasm({ fonts: createFonts(), dataDir });
  });
  after(async () => {
    await pdf.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('converts one document after the other with the fonts that come with the product [PLT-6.1]', async () => {
    const made = await Promise.all([pdf.convert(word('受理通知书')), pdf.convert(word('补正通知书'))]);
    for (const one of made) {
      assert.equal(one.subarray(0, 5).toString(), '%PDF-');
      assert.match(one.toString('latin1'), /NotoSerifSC/);
    }
  });
});
