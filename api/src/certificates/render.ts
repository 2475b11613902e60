/** A certificate as PDF: front page, annexes, and its data as an attachment, so that copies are checked offline. */
import PDFDocument from 'pdfkit';
import { canonicalJson } from '../../../contracts/canonical-json.ts';
import type { CertificateData } from '../../../contracts/certificate.ts';
import { problemKind, type FieldProblem } from '../core/index.ts';
import { missingGlyphs, type Fonts } from '../documents/index.ts';
import { drawAnnex } from './print/annex.ts';
import { drawFront } from './print/front.ts';
import { ordinary, registerFonts } from './print/paper.ts';

export const certificateGlyphs = problemKind(
  'certificate-glyphs',
  422,
  '证书上有字体打不出的字',
  'The certificate has characters that the font lacks',
);

/** Name of the attachment. */
export const ATTACHMENT = 'certificate.json';

/**
 * Draws a certificate. The same data give the same bytes: every date in the file is the day of issue.
 * @param printed the digest of the data and the address that the QR code leads to
 * @throws Problem `certificate-glyphs` naming annex, row and character, before anything is drawn
 */
export async function renderCertificate(
  data: CertificateData,
  printed: { digest: string; url: string },
  fonts: Fonts,
): Promise<Buffer> {
  checkGlyphs(data, fonts);
  const at = new Date(`${data.issuedOn}T00:00:00+08:00`);
  const pdf = new PDFDocument({
    autoFirstPage: false,
    font: '',
    pdfVersion: '1.7',
    lang: 'zh-CN',
    displayTitle: true,
    info: {
      Title: `${data.kindTitle} ${data.number}`,
      Author: data.authority,
      Subject: data.holder.name,
      CreationDate: at,
      ModDate: at,
    },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => pdf.on('end', resolve).on('error', reject));
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  registerFonts(pdf, [fonts.serif, fonts.serifBold]);
  drawFront(pdf, data, printed, fonts);
  for (const annex of data.annexes) drawAnnex(pdf, annex, data, fonts);
  pdf.file(Buffer.from(canonicalJson(data)), {
    name: ATTACHMENT,
    type: 'application/json',
    description: '证书数据',
    creationDate: at,
    modifiedDate: at,
  });
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

function checkGlyphs(data: CertificateData, fonts: Fonts): void {
  const fields: FieldProblem[] = [];
  const check = (text: string, path: string, where: { zh: string; en: string }) => {
    for (const character of missingGlyphs(ordinary(text), fonts.serif)) {
      const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
      fields.push({
        path,
        zh: `${where.zh}的「${character}」（${code}）打不出来，请改用通用规范汉字`,
        en: `${where.en}: the font lacks "${character}" (${code}); use another character`,
      });
    }
  };
  const { holder } = data;
  check(data.kindTitle, 'kindTitle', { zh: '证书名称', en: 'title' });
  check(data.authority, 'authority', { zh: '发证机关', en: 'authority' });
  check(holder.name, 'holder/name', { zh: '机构名称', en: 'name of the holder' });
  check(holder.address, 'holder/address', { zh: '机构地址', en: 'address of the holder' });
  data.annexes.forEach(({ title, columns, rows }, a) => {
    check(title, `annexes/${a}/title`, { zh: `附表 ${a + 1} 的标题`, en: `title of annex ${a + 1}` });
    rows.forEach((row, r) => {
      for (const { id, title: column } of columns)
        check(row[id] ?? '', `annexes/${a}/rows/${r}/${id}`, {
          zh: `「${title}」第 ${r + 1} 行「${column}」`,
          en: `annex ${a + 1}, row ${r + 1}, ${id}`,
        });
    });
  });
  if (fields.length > 0) throw certificateGlyphs({ zh: fields[0].zh, en: fields[0].en, fields });
}
