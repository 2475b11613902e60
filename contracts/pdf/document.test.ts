import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { openPdf } from './document.ts';
import { isDict, isStream, textOf, textString, write } from './objects.ts';
import { PdfError, readValue } from './reader.ts';
import { packedPdf } from './testing.ts';

describe('reading PDF', () => {
  it('follows cross-reference and object streams', async () => {
    const pdf = await openPdf(packedPdf());
    assert.equal(pdf.xref.isStream, true);
    const [page] = await pdf.pages();
    assert.equal(page.ref.num, 3);
    assert.deepEqual(page.dict.get('MediaBox'), [0, 0, 595, 842]);
  });

  it('reads values of every kind and writes them again', () => {
    const text = `<</A[1 -2.5 true null 3 0 R]/B(a\\(b\\)\\101\\n)/C<48656C6C6>/D#20E/F /G<</H 1>>>>`;
    const { value } = readValue(Buffer.from(text), 0);
    assert.ok(isDict(value));
    assert.equal(
      write(value),
      '<</A [1 -2.5 true null 3 0 R] /B <61286229410a> /C <48656c6c60> /D#20E /F /G <</H 1>>>>',
    );
  });

  it('reads and writes text in Chinese', () => {
    for (const text of ['Reason', '受理通知书']) assert.equal(textOf(textString(text)), text);
  });

  it('refuses what would never end or grow without limit', async () => {
    assert.throws(() => readValue(Buffer.from('['.repeat(5000)), 0), PdfError);
    assert.throws(() => readValue(Buffer.from('(never closed'), 0), PdfError);
    const bomb = deflateSync(Buffer.alloc(80 * 1024 * 1024));
    const pdf = await openPdf(packedPdf());
    await assert.rejects(pdf.data({ dict: new Map([['Filter', { name: 'FlateDecode' }]]), raw: bomb }), /too large/);
    const circle = Buffer.from(
      '%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer <</Size 1/Prev 9>>\nstartxref\n9\n%%EOF',
    );
    assert.equal((await openPdf(circle)).entries.size, 1);
    const kids = await openPdf(packedPdf('<</Kids[2 0 R 3 0 R]>>'));
    assert.deepEqual(await kids.pages(), []);
  });

  it('refuses what is no PDF and what is encrypted', async () => {
    await assert.rejects(openPdf(Buffer.from('PK\x03\x04')), PdfError);
    const encrypted = '%PDF-1.7\nxref\n0 0\ntrailer <</Size 1/Encrypt 2 0 R>>\nstartxref\n9\n%%EOF';
    await assert.rejects(openPdf(Buffer.from(encrypted)), /encrypted/);
  });

  it('gives the content of a stream', async () => {
    const pdf = await openPdf(packedPdf());
    const stream = await pdf.object(4);
    assert.ok(isStream(stream));
    assert.match(Buffer.from(await pdf.data(stream)).toString(), /\/Type\/Catalog/);
  });
});
