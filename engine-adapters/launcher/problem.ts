/** Something the person who starts the product has to mend. It is shown as these two texts, without a stack. */
export class Problem extends Error {
  readonly code: string;
  readonly zh: string;
  readonly en: string;

  constructor(code: string, zh: string, en: string, cause?: unknown) {
    super(`${zh}\n${en}`, { cause });
    this.name = 'Problem';
    this.code = code;
    this.zh = zh;
    this.en = en;
  }
}

export const noSpace = (path: string, cause?: unknown) =>
  new Problem('no-space', `磁盘空间不足：${path}`, `No disk space left: ${path}`, cause);

/** Node's and PostgreSQL's words for a full disk. */
export const isNoSpace = (text: string) => /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i.test(text);

/** Tells progress, one line at a time. */
export type Report = (line: string) => void;
