import { z } from 'zod';

/** Something in a package that has to be mended before it can be released. */
export interface Finding {
  /** Path from the project's folder. */
  file: string;
  line?: number;
  /** Id of the model's element, or place in a JSON file such as `clocks/0/limit`. */
  element?: string;
  code: string;
  zh: string;
  en: string;
}

/** Thrown where a package with findings was to be released or packed. */
export class PackageError extends Error {
  readonly findings: Finding[];

  constructor(findings: Finding[]) {
    super(findings.map(describe).join('\n'));
    this.name = 'PackageError';
    this.findings = findings;
  }
}

/** One line for a terminal, Chinese first. */
export function describe({ file, line, element, code, zh, en }: Finding): string {
  const place = [file, line, element && `#${element}`].filter(Boolean).join(':');
  return `${place} ${zh} | ${en} [${code}]`;
}

/** What a schema says about a file. */
export function schemaFindings(file: string, error: z.ZodError): Finding[] {
  const { localeError } = z.locales.zhCN();
  return error.issues.map((issue) => {
    const zh = localeError(issue as z.core.$ZodRawIssue);
    return {
      file,
      element: issue.path.join('/'),
      code: 'schema',
      zh: (typeof zh === 'string' ? zh : zh?.message) ?? '不符合格式',
      en: issue.message,
    };
  });
}
