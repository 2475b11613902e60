import { deflateSync } from 'node:zlib';

/** A PDF with object streams and a cross-reference stream with predictor, as newer writers make it. */
export function packedPdf(page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>'): Buffer {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', page];
  const offsets = objects.map((_, i) => objects.slice(0, i).join(' ').length + (i ? 1 : 0));
  const head = offsets.map((offset, i) => `${i + 1} ${offset}`).join(' ') + ' ';
  const packed = deflateSync(head + objects.join(' '));
  const start = Buffer.from('%PDF-1.7\n');
  const stream = Buffer.concat([
    Buffer.from(
      `4 0 obj\n<</Type/ObjStm/N 3/First ${head.length}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`,
    ),
    packed,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
  const xref = start.length + stream.length;
  const rows = [
    [0, 0, 0],
    [2, 4, 0],
    [2, 4, 1],
    [2, 4, 2],
    [1, start.length, 0],
    [1, xref, 0],
  ].map(([kind, second, third]) => [kind, second >> 8, second & 0xff, third]);
  const predicted = rows.flatMap((row, i) => [2, ...row.map((byte, x) => (byte - (rows[i - 1]?.[x] ?? 0)) & 0xff)]);
  const table = deflateSync(Buffer.from(predicted));
  const dict = `/Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>`;
  return Buffer.concat([
    start,
    stream,
    Buffer.from(`5 0 obj\n<<${dict}/Length ${table.length}>>\nstream\n`),
    table,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${xref}\n%%EOF\n`),
  ]);
}

/** Appends an object as an editor would, with cross-references of its own. */
export function appendObject(pdf: Buffer, num: number, body: string): Buffer {
  const text = pdf.toString('latin1');
  const prev = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)![1];
  const trailer = text.slice(text.lastIndexOf('trailer'), text.lastIndexOf('startxref'));
  const offset = String(pdf.length).padStart(10, '0');
  const table = `xref\n${num} 1\n${offset} 00000 n \n${trailer.replace(/\/Prev \d+/, `/Prev ${prev}`)}`;
  return Buffer.from(`${text}${body}\n${table}startxref\n${pdf.length + body.length + 1}\n%%EOF\n`, 'latin1');
}
