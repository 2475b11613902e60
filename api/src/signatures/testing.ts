import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { FontFile } from '../documents/index.ts';
import type { KeyStore, StoredKey } from './keys.ts';
import { createSignatures } from './signatures.ts';

/** Key pairs in memory, for tests. */
export function createMemoryKeys(): KeyStore & { held: Map<string, StoredKey> } {
  const held = new Map<string, StoredKey>();
  return {
    held,
    load: async (id) => held.get(id),
    save: async (id, key) => void (held.has(id) || held.set(id, key)),
  };
}

/** Signatures under an authority of their own, for tests. */
export const createTestSignatures = (keys: KeyStore = createMemoryKeys(), keyFile = randomBytes(32)) =>
  createSignatures({ keys, keyFile, now: new Date('2026-11-21T02:00:00Z') });

/** A PDF with one page for each text, as pdfkit writes it. */
export async function createPdf(pages: string[], font: FontFile): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4', autoFirstPage: false });
  pdf.registerFont('text', font.path);
  for (const text of pages) pdf.addPage().font('text').fontSize(14).text(text, 100, 500);
  pdf.end();
  return buffer(pdf);
}
