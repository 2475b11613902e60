import { provinces } from '../division/codes.ts';
import { defineKind, error, type KindFinding } from '../kind.ts';

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/** Registering department and, where the standard lists them, its categories of organisation. */
const head = /^(1[1239]|5[1239]|9[123]|[2-8ANY][1-9])/;

/** Check character of the first 17 characters (GB 32100-2015, 5.2). */
export function usccCheckCharacter(first17: string): string {
  const sum = weights.reduce((total, weight, i) => total + weight * alphabet.indexOf(first17[i]), 0);
  return alphabet[(31 - (sum % 31)) % 31];
}

const clean = (text: string) =>
  text
    .replace(/[\s-]/g, '')
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .toUpperCase();

/** Unified social credit code (GB 32100-2015). A failing check character is a warning: a few early codes have one. */
export default defineKind({
  kind: 'uscc',
  title: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  warns: true,
  check(value): KindFinding[] {
    const code = value as string;
    if (code.length !== 18)
      return [
        error(
          'length',
          `「${code}」有 ${code.length} 位，应为 18 位。照营业执照或登记证书抄写`,
          '18 characters are needed',
        ),
      ];
    const strange = [...code].find((c) => !alphabet.includes(c));
    if (strange)
      return [
        error(
          'alphabet',
          `第 ${code.indexOf(strange) + 1} 位「${strange}」不会出现在代码里（不用 I、O、S、V、Z 和小写）。照证书核对`,
          `Character "${strange}" never occurs in such a code`,
        ),
      ];
    if (!head.test(code) || /^.{8}0{9}/.test(code))
      return [
        error(
          'structure',
          `「${code}」不是已赋予的代码。照证书核对前两位和第 9 至 17 位`,
          'This code cannot have been issued',
        ),
      ];
    if (!(code.slice(2, 4) in provinces) && code.slice(2, 8) !== '100000')
      return [
        error(
          'division',
          `第 3 至 8 位「${code.slice(2, 8)}」不是区划代码。照证书核对`,
          'Characters 3 to 8 are no division',
        ),
      ];
    if (usccCheckCharacter(code) === code[17]) return [];
    return [
      {
        code: 'check-character',
        severity: 'warning',
        zh: `末位校验码不符，前 17 位无误时应为「${usccCheckCharacter(code)}」。照证书核对；证书上确实如此的，写明理由`,
        en: `The check character does not fit (expected "${usccCheckCharacter(code)}"). Correct it, or say why it is right`,
      },
    ];
  },
  parse: (text) => ({ value: clean(text) }),
  format: (value) => String(value),
  jsonSchema: () => ({ type: 'string', maxLength: 40 }),
});
