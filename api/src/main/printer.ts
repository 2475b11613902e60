/** Everything that becomes a PDF: Word templates and certificates, in the fonts that come with the product. */
import type { CertificateData } from '../../../contracts/certificate.ts';
import { renderCertificate } from '../certificates/index.ts';
import {
  createWordToPdf,
  fillTemplate,
  lettersLacking,
  type Fonts,
  type Pictures,
  type TemplateData,
  type WordToPdf,
} from '../documents/index.ts';

export interface Printer {
  fill(template: Buffer, data: TemplateData, pictures: Pictures): Promise<Buffer>;
  lettersLacking(docx: Buffer): string[];
  pdf(docx: Buffer): Promise<Buffer>;
  certificate(data: CertificateData, printed: { digest: string; url: string }): Promise<Buffer>;
  close(): Promise<void>;
}

export function createPrinter(deps: { fonts: Fonts; dataDir: string; words: WordToPdf | undefined }): Printer {
  const words = deps.words ?? createWordToPdf(deps);
  return {
    fill: (template, data, pictures) => Promise.resolve(fillTemplate(template, data, { pictures })),
    lettersLacking: (docx) => lettersLacking(docx, deps.fonts),
    pdf: words.convert,
    certificate: (data, printed) => renderCertificate(data, printed, deps.fonts),
    close: () => (deps.words ? Promise.resolve() : words.stop()),
  };
}
