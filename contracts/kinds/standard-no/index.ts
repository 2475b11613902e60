import { defineKind, error, type KindFinding } from '../kind.ts';

const withYear =
  /^[A-Z]{1,6}[A-Z0-9]*(?:\/[A-Z0-9]+)*\s?[A-Z]?\d[\d.A-Z]*(?:[.\s]\d+)*-(?:19|20)\d{2}(?:\/XG\d+-\d{4})?$/;
const withoutYear = /^[A-Z]{1,6}[A-Z0-9]*(?:\/[A-Z0-9]+)*\s?[A-Z]?\d[\d.A-Z]*$/;

/** `gb/t5750.4—2023` as the standard's cover has it: `GB/T 5750.4-2023`. */
export function tidyStandardNo(text: string): string {
  return text
    .trim()
    .replace(/[０-９Ａ-Ｚａ-ｚ．／]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .toUpperCase()
    .replace(/\s*[-－—–―−]+\s*/g, '-')
    .replace(/\s*\/\s*/g, '/')
    .replace(/^([A-Z]+(?:\/[A-Z]+)*)\s*(?=\d)/, '$1 ')
    .replace(/\s+/g, ' ');
}

/** Number of a standard with its year, `GB 5009.12-2023`: a capability is granted for one edition only. */
export default defineKind({
  kind: 'standard-no',
  title: { zh: '标准编号', en: 'Standard number' },
  check(value): KindFinding[] {
    const number = value as string;
    if (withYear.test(number)) return [];
    const tidy = tidyStandardNo(number);
    if (withYear.test(tidy))
      return [
        {
          ...error('form', `「${number}」写法不规范。改为 ${tidy}`, `Write it ${tidy}`),
          repair: { zh: `改为 ${tidy}`, en: `Change to ${tidy}`, value: tidy },
        },
      ];
    if (withoutYear.test(tidy))
      return [error('year', `「${number}」缺年号。补上发布年份，如 ${tidy}-2023`, `"${number}" lacks its year`)];
    return [
      error(
        'standard',
        `「${number}」不是标准编号。按 GB 5009.12-2023 的样子填写，含年号`,
        `"${number}" is not a standard number`,
      ),
    ];
  },
  parse: (text) => ({ value: tidyStandardNo(text) }),
  format: (value) => String(value),
  jsonSchema: () => ({ type: 'string', maxLength: 100 }),
});
