/** Everything that becomes a PDF: Word templates and certificates, in the fonts that come with the product. */
import type { CertificateData } from '../../../contracts/certificate.ts';
import type { Fonts, TemplateData } from '../documents/index.ts';

export interface Printer {
  fill(template: Buffer, data: TemplateData): Promise<Buffer>;
  pdf(docx: Buffer): Promise<Buffer>;
  certificate(data: CertificateData, printed: { digest: string; url: string }): Promise<Buffer>;
  close(): Promise<void>;
}

export function createPrinter(fonts: Fonts): Printer {
  return {
    fill: async (template, data) => (await import('../documents/fill.ts')).fillTemplate(template, data),
    pdf: async (docx) => (await import('../documents/pdf/index.ts')).createWordToPdf({ fonts }).convert(docx),
    certificate: async (data, printed) =>
      (await import('../certificates/render.ts')).renderCertificate(data, printed, fonts),
    close: () => Promise.resolve(),
  };
}
