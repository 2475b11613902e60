import { createHash } from 'node:crypto';
import type { WordToPdf } from './index.ts';

/** Answers a file that was converted before from memory; the least recently used results go first above so many bytes. */
export function keepingResults(words: WordToPdf, maxBytes: number): WordToPdf {
  const kept = new Map<string, Promise<Buffer>>();
  const sizes = new Map<string, number>();
  let total = 0;

  function forget(hash: string): void {
    kept.delete(hash);
    total -= sizes.get(hash) ?? 0;
    sizes.delete(hash);
  }

  async function converted(hash: string, docx: Buffer): Promise<Buffer> {
    try {
      const pdf = await words.convert(docx);
      sizes.set(hash, pdf.length);
      total += pdf.length;
      for (const oldest of kept.keys()) {
        if (total <= maxBytes) break;
        if (sizes.has(oldest)) forget(oldest);
      }
      return pdf;
    } catch (error) {
      forget(hash);
      throw error;
    }
  }

  return {
    convert(docx) {
      const hash = createHash('sha256').update(docx).digest('hex');
      const result = kept.get(hash) ?? converted(hash, docx);
      kept.delete(hash);
      kept.set(hash, result);
      return result;
    },
    stop: words.stop,
  };
}
