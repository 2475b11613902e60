import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import PizZip from 'pizzip';
import { PNG } from 'pngjs';
import { fillTemplate, tagsOf } from '../fill.ts';
import { createFonts } from '../fonts.ts';
import { createWasm } from '../pdf/wasm.ts';
import { picturePng, pictureJpeg } from './testing.ts';
import { readPicture } from './read.ts';

const REL = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

const p = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const row = (...cells: string[]) => `<w:tr>${cells.map((cell) => `<w:tc>${p(cell)}</w:tc>`).join('')}</w:tr>`;
const table = (...rows: string[]) => `<w:tbl><w:tblPr/><w:tblGrid/>${rows.join('')}</w:tbl>`;

/** A Word file with a header, in which a logo (a PNG of 10 × 10 points, 20 mm wide) stands. */
function template(body: string, header = ''): Buffer {
  const zip = new PizZip();
  const root = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${OFFICE}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`;
  const logo = `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="720000" cy="720000"/><wp:docPr id="1" name="logo"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="logo"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="logo"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="720000" cy="720000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;
  zip.file(
    '[Content_Types].xml',
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/><Override PartName="/word/header1.xml" ContentType="${WORD}.header+xml"/></Types>`,
  );
  zip.file(
    '_rels/.rels',
    `<Relationships xmlns="${REL}"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`,
  );
  zip.file(
    'word/_rels/document.xml.rels',
    `<Relationships xmlns="${REL}"><Relationship Id="head" Type="${OFFICE}/header" Target="header1.xml"/></Relationships>`,
  );
  zip.file(
    'word/_rels/header1.xml.rels',
    `<Relationships xmlns="${REL}"><Relationship Id="logo" Type="${OFFICE}/image" Target="media/logo.png"/></Relationships>`,
  );
  zip.file('word/media/logo.png', picturePng(10, 10));
  zip.file('word/header1.xml', `<w:hdr ${root}>${logo}${header && p(header)}</w:hdr>`);
  zip.file(
    'word/document.xml',
    `<w:document ${root}><w:body>${body}<w:sectPr><w:headerReference w:type="default" r:id="head"/></w:sectPr></w:body></w:document>`,
  );
  return zip.generate({ type: 'nodebuffer' });
}

interface PrintedPicture {
  /** Millimetres. */
  width: number;
  height: number;
  bright: 'top' | 'bottom' | 'left' | 'right';
}

/** Pictures on the first page, with the side that is brighter than the others. */
async function printedOn(pdf: Buffer): Promise<PrintedPicture[]> {
  const page = await (await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise).getPage(1);
  const { fnArray, argsArray } = await page.getOperatorList();
  const stack: number[][] = [];
  let matrix = [1, 0, 0, 1, 0, 0];
  const found: PrintedPicture[] = [];
  for (const [i, fn] of fnArray.entries()) {
    if (fn === OPS.save) stack.push(matrix);
    if (fn === OPS.restore) matrix = stack.pop()!;
    if (fn === OPS.transform) matrix = times(matrix, argsArray[i] as number[]);
    if (fn !== OPS.paintImageXObject) continue;
    const [a, b, c, d] = matrix as [number, number, number, number];
    const mm = (x: number, y: number) => Math.round((Math.hypot(x, y) / 72) * 25.4);
    assert.ok(a > 0 && d > 0 && b === 0 && c === 0, 'the page turns no picture: it is stored as it is shown');
    const [id] = argsArray[i] as [string];
    const stored = await new Promise<Points>((resolve) => page.objs.get(id, resolve));
    found.push({ width: mm(a, c), height: mm(b, d), bright: brightSide(stored) });
  }
  return found;
}

const times = ([a, b, c, d, e, f]: number[], [g, h, i, j, k, l]: number[]) => [
  a! * g! + c! * h!,
  b! * g! + d! * h!,
  a! * i! + c! * j!,
  b! * i! + d! * j!,
  a! * k! + c! * l! + e!,
  b! * k! + d! * l! + f!,
];

interface Points {
  width: number;
  height: number;
  data: Uint8Array;
}

function brightSide({ width, height, data }: Points): PrintedPicture['bright'] {
  const [bytes, light] = [data.length / width / height, { top: 0, bottom: 0, left: 0, right: 0 }];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = data[(y * width + x) * bytes]!;
      light[y < height / 2 ? 'top' : 'bottom'] += value;
      light[x < width / 2 ? 'left' : 'right'] += value;
    }
  const sides = Object.entries(light) as [PrintedPicture['bright'], number][];
  return sides.toSorted(([, one], [, other]) => other - one)[0]![0];
}

const pictures = (all: Record<string, Buffer>) =>
  new Map(Object.entries(all).map(([id, bytes]) => [id, readPicture(bytes)!]));

describe('pictures in documents', function () {
  this.timeout(120_000);
  let dataDir: string;
  let pdf: ReturnType<typeof createWasm>;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'zhunyu-pictures-'));
    pdf = createWasm({ fonts: createFonts(), dataDir, longest: () => 60_000, onStart: () => {} });
  });
  after(async () => {
    await pdf.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const print = async (body: string, data: object, given: Record<string, Buffer>, header?: string) =>
    printedOn(await pdf.convert(fillTemplate(template(body, header), data, { pictures: pictures(given) })));
  const sizes = (found: { width: number; height: number }[]) =>
    found.map(({ width, height }) => `${width}×${height}`).sort();

  it('prints those of a field among words, in lists and tables, beside the logo of the template [PLT-6.1]', async () => {
    const body =
      p('现场：{%form.site}。') +
      p('{#tables.rows}{%photo | box:30}{/}') +
      table(row('{#tables.rows}{name}', '{%photo | box:40:10}{/}'));
    const data = {
      form: { site: '一张', '%site': 'a' },
      tables: {
        rows: [
          { name: '甲', photo: '', '%photo': 'a,b' },
          { name: '乙', photo: '', '%photo': '' },
        ],
      },
    };
    const given = { a: picturePng(1200, 600), b: pictureJpeg(600, 1200) };
    assert.deepEqual(sizes(await print(body, data, given)), ['20×10', '20×20', '30×15', '30×60', '5×10', '80×40']);
    assert.deepEqual(tagsOf(template(body)).slice(0, 3), ['form.%site', 'tables.rows', 'tables.rows[].%photo']);
  });

  it('never enlarges a small picture, and prints one in the header [PLT-6.1]', async () => {
    const data = { form: { '%stamp': 'a' } };
    assert.deepEqual(sizes(await print(p('正文'), data, { a: picturePng(96, 48) }, '{%form.stamp}')), [
      '20×20',
      '25×13',
    ]);
  });

  it('prints a JPEG as its camera was held, without what the camera noted [PLT-6.1]', async () => {
    const shown = [
      [1, '80×40', 'top'],
      [2, '80×40', 'top'],
      [3, '80×40', 'bottom'],
      [4, '80×40', 'bottom'],
      [5, '30×60', 'left'],
      [6, '30×60', 'right'],
      [7, '30×60', 'right'],
      [8, '30×60', 'left'],
    ] as const;
    for (const [orientation, size, bright] of shown) {
      const jpeg = pictureJpeg(1200, 600, orientation);
      const [picture] = (await print(p('{%form.photo}'), { form: { '%photo': 'a' } }, { a: jpeg })).filter(
        ({ width }) => width !== 20,
      );
      assert.equal(`${picture!.width}×${picture!.height}`, size, `orientation ${orientation}`);
      assert.equal(picture!.bright, bright, `orientation ${orientation}`);
      assert.equal(readPicture(jpeg)!.bytes.includes('Exif'), false);
    }
  });

  it('knows a whole PNG or JPEG from anything else', async () => {
    const jpeg = pictureJpeg(20, 10, 5);
    assert.deepEqual(
      [picturePng(3, 2), jpeg].map((bytes) => {
        const { bytes: _, ...rest } = readPicture(bytes)!;
        return rest;
      }),
      [
        { type: 'png', width: 3, height: 2, mirrored: false, turn: 0 },
        { type: 'jpg', width: 20, height: 10, mirrored: true, turn: 270 },
      ],
    );
    const broken = [picturePng(3, 2).subarray(0, 40), jpeg.subarray(0, 60), Buffer.from('%PDF-1.7'), Buffer.alloc(0)];
    assert.deepEqual(broken.map(readPicture), [null, null, null, null]);
    assert.equal(PNG.sync.read(readPicture(picturePng(3, 2))!.bytes).width, 3);
  });
});
