import PDFDocument from 'pdfkit';

/** A small real PDF that stands for a material; its text names the item. */
export async function materialFile(item: string): Promise<{ name: string; bytes: Buffer; type: string }> {
  const document = new PDFDocument({ size: 'A4' });
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve) => document.on('end', resolve));
  document.fontSize(20).text(item);
  document.end();
  await ended;
  return { name: `${item}.pdf`, bytes: Buffer.concat(parts), type: 'application/pdf' };
}
