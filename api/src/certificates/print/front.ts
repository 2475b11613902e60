import type { CertificateData } from '../../../../contracts/certificate.ts';
import { dayNumber } from '../../../../contracts/days.ts';
import type { Fonts } from '../../documents/index.ts';
import { SEAL_ANCHOR } from '../../signatures/index.ts';
import { drawCmaMark, drawQrCode } from './marks.ts';
import { A4, createRuler, INK, line, lines, type Pdf } from './paper.ts';

const LEFT = 92;
const WIDTH = A4.width - 2 * LEFT;
const DATES = 300;

const zhDay = (day: string): string => {
  dayNumber(day);
  const [year, month, date] = day.split('-').map(Number);
  return `${year} 年 ${month} 月 ${date} 日`;
};

/** Words of the certificate; content by 《检验检测机构资质认定管理办法》第十五条. */
const words = ({ holder }: CertificateData): string[] => [
  '经审查，你机构已具备国家有关法律、行政法规规定的基本条件和能力，现予批准，可以向社会出具具有证明作用的数据和结果，特发此证。',
  '检验检测能力及授权签字人见证书附表。',
  `你机构对外出具检验检测报告或证书的法律责任由${holder.name}承担。`,
];

/** The certificate itself: one page with frame, mark, dates, place of the seal, QR code and digest. */
export function drawFront(
  pdf: Pdf,
  data: CertificateData,
  printed: { digest: string; url: string },
  fonts: Fonts,
): void {
  const title = createRuler(fonts.serifBold, 33);
  const body = createRuler(fonts.serif, 15);
  const strong = createRuler(fonts.serifBold, 15);
  const small = createRuler(fonts.serif, 7.5);
  const middle = A4.width / 2;

  pdf.addPage({ size: [A4.width, A4.height], margin: 0 });
  drawFrame(pdf);
  pdf.fillColor(INK.red);
  line(pdf, title, data.kindTitle, middle, 104, 'center');
  pdf.fillColor(INK.black);
  line(pdf, body, `证书编号：${data.number}`, middle, 172, 'center');

  let y = 226;
  for (const [label, value] of [
    ['名称：', data.holder.name],
    ['统一社会信用代码：', data.holder.uscc],
    ['地址：', data.holder.address],
  ]) {
    const indent = strong.width(label);
    line(pdf, strong, label, LEFT, y);
    y = lines(pdf, body, body.wrap(value, WIDTH - indent), LEFT + indent, y, 25) + 7;
  }
  y += 12;
  for (const paragraph of words(data)) y = lines(pdf, body, body.wrap(`　　${paragraph}`, WIDTH), LEFT, y, 27) + 4;

  const foot = 532;
  line(pdf, strong, '许可使用标志', LEFT, foot);
  drawCmaMark(pdf, LEFT + 6, foot + 34, 104);
  line(pdf, strong, data.number, LEFT + 56, foot + 112, 'center');
  line(pdf, body, `发证日期：${zhDay(data.issuedOn)}`, DATES, foot);
  line(pdf, body, `有效期至：${zhDay(data.validTo)}`, DATES, foot + 30);
  line(pdf, body, '发证机关：', DATES, foot + 60);
  const indent = body.width('发证机关：');
  const below = lines(
    pdf,
    body,
    body.wrap(data.authority, A4.width - 66 - DATES - indent),
    DATES + indent,
    foot + 60,
    24,
  );
  pdf.fillColor(INK.grey);
  line(pdf, body, SEAL_ANCHOR, DATES + 110, below + 2, 'center');

  pdf.fillColor(INK.black);
  drawQrCode(pdf, printed.url, LEFT - 10, 690, 82);
  const note = ['扫码核验证书当前状态', printed.url, `证书数据摘要（SHA-256）：${printed.digest}`];
  let at = 706;
  for (const text of note) at = lines(pdf, small, small.wrap(text, WIDTH - 80), LEFT + 78, at, 12);
  line(pdf, small, '本证书由国家认证认可监督管理委员会监制，在中华人民共和国境内有效。', middle, 783, 'center');
}

function drawFrame(pdf: Pdf): void {
  for (const [inset, width] of [
    [36, 3],
    [42, 0.8],
  ])
    pdf
      .rect(inset, inset, A4.width - 2 * inset, A4.height - 2 * inset)
      .lineWidth(width)
      .stroke(INK.line);
}
