import { problemKind, type Problem } from '../../core/index.ts';

const notConverted = problemKind('not-converted', 422, '没有转成 PDF', 'Not converted to PDF');

/** @param why what the file lacks, or what LibreOffice said */
export const refusedFile = (why: string): Problem =>
  notConverted({
    zh: `不是完整的 Word 文件（.docx），没有转成 PDF：${why}。用 Word 或 WPS 打开模板，另存为 .docx 后重新发布`,
    en: `No complete Word file (.docx), not converted to PDF: ${why}. Open the template in Word or WPS, save it as .docx and release again`,
  });

export const tooSlow = (withinMs: number): Problem =>
  notConverted({
    zh: `${Math.ceil(withinMs / 1000)} 秒内没有转成 PDF。检查模板和填入的内容，再重试`,
    en: `Not converted to PDF within ${Math.ceil(withinMs / 1000)} s. Check the template and what fills it, then try again`,
  });
