import { isDay } from '../day.ts';
import { provinces } from '../division/codes.ts';
import { defineKind, error, type KindFinding } from '../kind.ts';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Check character of the first 17 digits (GB 11643-1999). */
export function personIdCheckCharacter(first17: string): string {
  return '10X98765432'[weights.reduce((sum, weight, i) => sum + weight * Number(first17[i]), 0) % 11];
}

/** Number of an identity document. Resident identity cards are checked by GB 11643-1999, other documents by shape only. */
export default defineKind({
  kind: 'person-id',
  title: { zh: '证件号码', en: 'Identity document number' },
  check(value, field, { data, today }): KindFinding[] {
    const id = value as string;
    const type = field.idType ? data[field.idType] : 'resident';
    if (type !== 'resident')
      return /^[A-Z0-9()（）-]{5,30}$/i.test(id)
        ? []
        : [error('document', `「${id}」不像证件号码。照证件核对，5 至 30 位字母和数字`, 'Not a document number')];
    if (!/^\d{17}[\dX]$/.test(id))
      return [
        error(
          'length',
          `身份证号应为 18 位数字，末位可为 X，现有 ${id.length} 位。照证件核对`,
          '17 digits and a digit or X are needed',
        ),
      ];
    if (!(id.slice(0, 2) in provinces))
      return [
        error(
          'division',
          `前 6 位「${id.slice(0, 6)}」不是区划代码。照证件核对`,
          'The first six digits are no division',
        ),
      ];
    const birth = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
    if (!isDay(birth) || birth > today)
      return [
        error(
          'birth',
          `第 7 至 14 位「${id.slice(6, 14)}」不是出生日期。照证件核对`,
          'Digits 7 to 14 are no day of birth',
        ),
      ];
    if (personIdCheckCharacter(id) !== id[17])
      return [error('check-character', '末位校验码不符，有一位抄错了。照证件核对', 'The check character does not fit')];
    return [];
  },
  parse: (text) => ({ value: text.replace(/\s/g, '').toUpperCase() }),
  format: (value) => String(value),
  mask: (value) => String(value).replace(/^(.{4}).*(.{4})$/, '$1**********$2'),
  jsonSchema: () => ({ type: 'string', maxLength: 40 }),
});
