import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Setting } from '../core/index.ts';

/** `{year}` and others come from what is given at drawing; `{serial:5}` is padded with zeros to five digits. */
const NumberRule = z.strictObject({
  id: z.string(),
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  pattern: z.string().regex(/\{serial(:\d)?\}/),
  /** What each sequence is for: one per year, per year and office … */
  scope: z.array(z.string()),
});
export type NumberRule = z.infer<typeof NumberRule>;

/** Reads `templates/numbers.json` into a map by id. */
export async function readRules(path: string | URL): Promise<Map<string, NumberRule>> {
  const rules = z.array(NumberRule).parse(JSON.parse(await readFile(path, 'utf8')));
  return new Map(rules.map((rule) => [rule.id, rule]));
}

/**
 * Fills a pattern. `{authority:2}` takes a given value of at most two characters, padded with zeros.
 * @throws RangeError where a value is missing or too long: a cut number would be another one
 */
export function fillPattern(pattern: string, values: Record<string, string>, serial: number): string {
  return pattern.replace(/\{([\w.]+)(?::(\d))?\}/g, (_, name: string, width?: string) => {
    const value = name === 'serial' ? String(serial) : values[name];
    if (value === undefined || value === '') throw new RangeError(`the number needs ${name}`);
    if (width && value.length > Number(width)) throw new RangeError(`${name} ${value} is longer than ${width}`);
    return width ? value.padStart(Number(width), '0') : value;
  });
}

/** `year=2026,authority=24`: the dimensions stand in it, so that a sequence says what it counts. */
export function scopeKey(dimensions: string[], values: Record<string, string>): string {
  return dimensions
    .map((name) => {
      if (!values[name]) throw new RangeError(`the number needs ${name}`);
      return `${name}=${values[name]}`;
    })
    .join(',');
}

export const dimensionsOf = (key: string): string[] => key.split(',').map((part) => part.split('=')[0]);

const DIMENSIONS = {
  year: { zh: '年', en: 'Year' },
  office: { zh: '机关', en: 'Office' },
  authority: { zh: '发证机关', en: 'Issuing authority' },
  field: { zh: '专业领域', en: 'Field' },
  sector: { zh: '行业', en: 'Sector' },
};

/** What the sequences of a rule are counted by; a change holds from the next year on. */
export function scopeSetting(rule: NumberRule): Setting<string[]> {
  const values = [...rule.pattern.matchAll(/\{([\w.]+)/g)].map(([, name = '']) =>
    name.replace('office.code', 'office'),
  );
  const known = values.filter((name) => name !== 'serial' && name !== 'yy');
  return {
    key: `numbers.${rule.id}.scope`,
    title: { zh: `${rule.title.zh}：各自连续编号的范围`, en: `${rule.title.en}: what each sequence is for` },
    help: {
      zh: '每一组合（如年份、机关）各自从 1 编起；已经用过的年份不变，次年起生效',
      en: 'Each combination (such as year and office) counts from 1; a year that has begun keeps its own, a change holds from the next one',
    },
    words: DIMENSIONS,
    schema: z
      .array(z.enum([...new Set([...rule.scope, ...known])]))
      .refine((scope) => scope.includes('year'), { message: 'A sequence is for a year: name year' }),
    fallback: rule.scope,
  };
}
