/** What an applicant gets for a case that was received: its number, what was handed in, and a code that leads to its progress. */
import PDFDocument from 'pdfkit';
import type { Release } from '../../../contracts/flow.ts';
import type { MaterialItem } from '../../../contracts/api/index.ts';
import { A4, createRuler, drawQrCode, INK, line, lines, registerFonts } from '../certificates/index.ts';
import { shanghaiDay, type Core } from '../core/index.ts';
import type { Fonts } from '../documents/index.ts';
import type { CaseRow } from '../engine/index.ts';

export interface Acknowledged {
  office: string;
  number: string;
  item: string;
  applicant: string;
  receivedOn: string;
  /** Titles of what was handed in, with the number of files. */
  materials: string[];
  /** Where the progress can be looked up without an account, with the number filled in. */
  url: string;
}

export interface AcknowledgementDeps {
  fonts: Fonts;
  release(id: string): Promise<Release>;
  materials(caseId: string, release: Release): Promise<MaterialItem[]>;
}

export function createAcknowledge(
  { db, settings }: Core,
  deps: AcknowledgementDeps,
): (row: CaseRow) => Promise<Buffer> {
  return async (row) => {
    const release = await deps.release(row.release_id);
    const [office, items] = await Promise.all([
      db('office').where({ code: row.office }).first('name'),
      deps.materials(row.id, release),
    ]);
    return drawAcknowledgement(
      {
        office: office.name,
        number: row.number,
        item: release.package.flow.title.zh,
        applicant: row.subject_name,
        receivedOn: shanghaiDay(row.received_at),
        materials: items
          .filter(({ files }) => files.length > 0)
          .map(({ title, files }) => `${title}　${files.length} 件`),
        url: `${settings.publicUrl}/progress?${new URLSearchParams({ number: row.number })}`,
      },
      deps.fonts,
    );
  };
}

const MARGIN = 72;
const STEP = 22;
const CODE = 110;
/** Lowest line of the list; what doesn't fit is counted. */
const LOWEST = 600;

export async function drawAcknowledgement(facts: Acknowledged, fonts: Fonts): Promise<Buffer> {
  const pdf = new PDFDocument({ size: [A4.width, A4.height], margin: 0, font: '', lang: 'zh-CN', displayTitle: true });
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => pdf.on('end', resolve).on('error', reject));
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  registerFonts(pdf, [fonts.serif, fonts.serifBold]);
  const title = createRuler(fonts.serifBold, 24);
  const strong = createRuler(fonts.serifBold, 12);
  const body = createRuler(fonts.serif, 12);
  const width = A4.width - 2 * MARGIN;

  pdf.fillColor(INK.black);
  line(pdf, title, '收件回执', A4.width / 2, 80, 'center');
  let y = 140;
  for (const [label, value] of [
    ['收件机关：', facts.office],
    ['办件编号：', facts.number],
    ['办理事项：', facts.item],
    ['申请人：', facts.applicant],
    ['收到日期：', facts.receivedOn],
  ] as const) {
    const indent = strong.width('收件机关：');
    line(pdf, strong, label, MARGIN, y);
    y = lines(pdf, body, body.wrap(value, width - indent), MARGIN + indent, y, STEP) + 4;
  }
  line(pdf, strong, `收到材料 ${facts.materials.length} 项`, MARGIN, (y += 10));
  y += STEP + 2;
  for (const [i, material] of facts.materials.entries()) {
    if (y > LOWEST) {
      line(pdf, body, `……等 ${facts.materials.length} 项`, MARGIN, y);
      break;
    }
    y = lines(pdf, body, body.wrap(`${i + 1}. ${material}`, width), MARGIN, y, STEP - 4);
  }
  drawQrCode(pdf, facts.url, MARGIN - 10, 650, CODE);
  const note = [
    '扫码凭联系人手机号查看办理进度，或在网页打开：',
    facts.url,
    '本回执只证明收到上列材料。是否受理，另行书面告知（《中华人民共和国行政许可法》第三十二条）。',
  ];
  let at = 664;
  for (const text of note) at = lines(pdf, body, body.wrap(text, width - CODE), MARGIN + CODE, at, 18) + 4;
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}
