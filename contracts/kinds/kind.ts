/** What a field kind is on both sides. Its server part stands in `api/src/forms/kinds/<kind>`, its editor in `web/src/forms/kinds/<kind>`. */
import type { Field, ScalarKind } from '../forms/schema.ts';

export type Lang = 'zh' | 'en';

export interface KindFinding {
  code: string;
  /** A warning needs a reason, kept beside the value, or the value to be mended (PLT-4.5). */
  severity: 'error' | 'warning';
  /** What is wrong and how to mend it; the field's name is put before it. */
  zh: string;
  en: string;
  /** A value that one click puts in its place. */
  repair?: { zh: string; en: string; value: unknown };
}

export interface KindContext {
  /** The values beside it: the form's data, or the row's. */
  data: Record<string, unknown>;
  /** Calendar day in Asia/Shanghai, `2026-11-21`. */
  today: string;
  /** Full name of a division, undefined for an unknown code; absent where the list is not at hand. */
  division?: (code: string) => string | undefined;
}

/** What somebody typed, as a value of the kind, or why it is none. */
export type Parsed = { value: unknown } | { zh: string; en: string };

export interface Kind {
  kind: ScalarKind;
  title: { zh: string; en: string };
  /** Everything wrong with a value that is not empty and has the kind's shape (`jsonSchema`). */
  check(value: unknown, field: Field, context: KindContext): KindFinding[];
  /** Reads what was typed or stands in an Excel cell; text is trimmed and never empty. */
  parse(text: string, field: Field): Parsed;
  /** As people read it: on paper, in lists, in Excel. */
  format(value: unknown, field: Field, lang: Lang, context?: Pick<KindContext, 'division'>): string;
  /** As people read it who need not know it all; where nothing in it needs hiding, as anybody reads it. */
  mask(value: unknown, field: Field, lang: Lang): string;
  /** Some of its findings are warnings, which a reason overrides. */
  warns?: boolean;
  /** JSON Schema (2020-12) of a stored value. */
  jsonSchema(field: Field): Record<string, unknown>;
}

/** Declares one kind; without a `mask` of its own nothing in it is hidden. */
export function defineKind(kind: Omit<Kind, 'mask'> & Partial<Pick<Kind, 'mask'>>): Kind {
  return { mask: (value, field, lang) => kind.format(value, field, lang), ...kind };
}

/** `2026-11-21 09:30` in Asia/Shanghai, which is eight hours ahead of UTC all year. */
export const shanghaiMinute = (moment: string) =>
  new Date(Date.parse(moment) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

/** Nothing entered: also blank text and an empty list. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (typeof value === 'object') return Object.keys(value).length === 0;
  return false;
}

export const error = (code: string, zh: string, en: string): KindFinding => ({ code, severity: 'error', zh, en });

/** Findings of a text's length and pattern. */
export function checkText(text: string, field: Field): KindFinding[] {
  const { minLength, maxLength, pattern, patternText } = field.validate ?? {};
  const found: KindFinding[] = [];
  if (maxLength !== undefined && text.length > maxLength)
    found.push(
      error(
        'too-long',
        `有 ${text.length} 个字，最多 ${maxLength} 个。删去 ${text.length - maxLength} 个字`,
        `${text.length} characters; at most ${maxLength}`,
      ),
    );
  if (minLength !== undefined && text.length < minLength)
    found.push(
      error(
        'too-short',
        `只有 ${text.length} 个字，至少写 ${minLength} 个`,
        `${text.length} characters; at least ${minLength}`,
      ),
    );
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text))
    found.push(
      error(
        'pattern',
        `「${text}」不合要求。${patternText?.zh ?? field.description ?? '按填写说明改正'}`,
        `"${text}" does not fit. ${patternText?.en ?? 'See the hint of this field'}`,
      ),
    );
  return found;
}

/** JSON Schema of a text; longer ones are refused, not stored. */
export const textSchema = (maxLength: number) => ({ type: 'string', maxLength });
