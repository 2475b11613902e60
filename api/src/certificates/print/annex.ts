import type { AnnexData, CertificateData } from '../../../../contracts/certificate.ts';
import type { Fonts } from '../../documents/index.ts';
import { A4, createRuler, INK, line, lines, type Pdf, type Ruler } from './paper.ts';

const MARGIN = { x: 40, top: 36, bottom: 40 };
const CELL = { x: 4, y: 4, step: 13 };
/** More columns than this need the wide side of the page. */
const UPRIGHT_COLUMNS = 5;
/** A line is set a little wider than its letters say where the font moves pairs of them. */
const SLACK = 1;

interface Cells {
  texts: string[][];
  height: number;
}

/** An annex as table: pages of its own, heads repeated, rows numbered and whole, 「第 x 页 共 y 页」. */
export function drawAnnex(pdf: Pdf, annex: AnnexData, { number, holder }: CertificateData, fonts: Fonts): void {
  const rulers = {
    title: createRuler(fonts.serifBold, 15),
    head: createRuler(fonts.serifBold, 9),
    cell: createRuler(fonts.serif, 9),
  };
  const page =
    annex.columns.length > UPRIGHT_COLUMNS
      ? { width: A4.height, height: A4.width }
      : { width: A4.width, height: A4.height };
  const inner = page.width - 2 * MARGIN.x;
  const heads = ['序号', ...annex.columns.map(({ title }) => title)];
  const rows = annex.rows.map((row, i) => [String(i + 1), ...annex.columns.map(({ id }) => row[id] ?? '')]);
  const widths = columnWidths([heads, ...rows], inner, rulers.cell);
  const layOut = (texts: string[], ruler: Ruler): Cells => {
    const wrapped = texts.map((text, i) => ruler.wrap(text, widths[i] - 2 * CELL.x - SLACK));
    return { texts: wrapped, height: Math.max(...wrapped.map(({ length }) => length)) * CELL.step + 2 * CELL.y };
  };
  const titles = rulers.title.wrap(annex.title, inner);
  const head = layOut(heads, rulers.head);
  const top = MARGIN.top + titles.length * 22 + 34;
  const pages = paginate(
    rows.map((row) => layOut(row, rulers.cell)),
    page.height - MARGIN.bottom - top - head.height,
  );

  pages.forEach((rowsOfPage, i) => {
    pdf.addPage({ size: [page.width, page.height], margin: 0 });
    pdf.fillColor(INK.black);
    titles.forEach((title, n) => line(pdf, rulers.title, title, page.width / 2, MARGIN.top + n * 22, 'center'));
    const under = top - 24;
    line(pdf, rulers.cell, `证书编号：${number}`, MARGIN.x, under);
    line(pdf, rulers.cell, `机构名称：${holder.name}`, page.width / 2, under, 'center');
    line(pdf, rulers.cell, `第 ${i + 1} 页 共 ${pages.length} 页`, page.width - MARGIN.x, under, 'right');
    let y = drawRow(pdf, head, rulers.head, widths, top);
    for (const row of rowsOfPage) y = drawRow(pdf, row, rulers.cell, widths, y);
  });
}

/** Narrow columns get what most of their cells need, the others share what is left. */
function columnWidths(rows: string[][], available: number, ruler: Ruler): number[] {
  const MOST = 300;
  const needs = rows[0].map((head, i) => {
    const cells = rows.slice(1).map((row) => ruler.width(row[i]));
    const average = cells.reduce((a, b) => a + b, 0) / Math.max(cells.length, 1);
    const text = Math.min(Math.max(...cells, 0), Math.max(average * 1.2, 7 * ruler.size), MOST);
    return Math.max(text, Math.min(ruler.width(head), 5 * ruler.size)) + 2 * CELL.x + 2 * SLACK;
  });
  const widths: number[] = [];
  let left = available;
  const narrowFirst = needs.map((need, i) => ({ need, i })).sort((a, b) => a.need - b.need);
  narrowFirst.forEach(({ need, i }, place) => {
    widths[i] = Math.min(need, left / (narrowFirst.length - place));
    left -= widths[i];
  });
  const [, ...shared] = widths;
  const sum = shared.reduce((a, b) => a + b, 0);
  return [widths[0], ...shared.map((width) => width + (left * width) / sum)];
}

function paginate(rows: Cells[], available: number): Cells[][] {
  const pages: Cells[][] = [[]];
  let left = available;
  for (const row of rows) {
    if (row.height > left && pages.at(-1)!.length > 0) {
      pages.push([]);
      left = available;
    }
    pages.at(-1)!.push(row);
    left -= row.height;
  }
  return pages;
}

function drawRow(pdf: Pdf, { texts, height }: Cells, ruler: Ruler, widths: number[], y: number): number {
  let x = MARGIN.x;
  for (const width of widths) {
    pdf.rect(x, y, width, height);
    x += width;
  }
  pdf.lineWidth(0.5).stroke(INK.grey);
  x = MARGIN.x;
  texts.forEach((cell, i) => {
    lines(pdf, ruler, cell, x + CELL.x, y + CELL.y, CELL.step);
    x += widths[i];
  });
  return y + height;
}
