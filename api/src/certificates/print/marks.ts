import { create } from 'qrcode';
import { INK, type Pdf } from './paper.ts';

/** The CMA mark (检验检测机构资质认定标志): a wide C that holds M and A. `x`, `y` is its upper left corner. */
export function drawCmaMark(pdf: Pdf, x: number, y: number, width: number): void {
  const unit = width / 100;
  pdf.save().translate(x, y).scale(unit).lineJoin('miter').lineCap('butt').strokeColor(INK.black);
  pdf.lineWidth(9).path('M 78 10 A 42 30 0 1 0 78 60').stroke();
  pdf.lineWidth(6).path('M 30 52 L 30 20 L 44 42 L 58 20 L 58 52').stroke();
  pdf.path('M 63 52 L 79 20 L 95 52 M 69 42 L 89 42').stroke();
  pdf.restore();
}

/** A QR code of `text` as squares, `size` wide with its quiet zone of four modules. */
export function drawQrCode(pdf: Pdf, text: string, x: number, y: number, size: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const QUIET = 4;
  const unit = size / (modules.size + 2 * QUIET);
  pdf.save().rect(x, y, size, size).fill('#ffffff');
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) pdf.rect(x + (column + QUIET) * unit, y + (row + QUIET) * unit, unit, unit);
  pdf.fill(INK.black).restore();
}
