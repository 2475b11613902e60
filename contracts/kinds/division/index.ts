import { levelOf, provinces } from './codes.ts';
import { defineKind, error, type KindFinding, type Parsed } from '../kind.ts';

const levels = {
  province: { zh: '省', en: 'province' },
  city: { zh: '市（州）', en: 'city' },
  county: { zh: '县（市、区）', en: 'county' },
};

/** An administrative division by its code of GB/T 2260, six digits. */
export default defineKind({
  kind: 'division',
  title: { zh: '行政区划', en: 'Division' },
  check(value, field, { division }): KindFinding[] {
    const code = value as string;
    const level = levelOf(code);
    if (!level || (division && division(code) === undefined && division(`${code.slice(0, 2)}0000`) !== undefined))
      return [error('division', `没有区划代码「${code}」。从列表里选`, `There is no division ${code}`)];
    if (field.level && level !== field.level)
      return [error('level', `要选到${levels[field.level].zh}一级`, `Choose a ${levels[field.level].en}`)];
    return [];
  },
  parse(text): Parsed {
    const code = /^\d{6}/.exec(text)?.[0];
    if (code && levelOf(code)) return { value: code };
    return { zh: `「${text}」不是区划代码。填六位代码，如 520102`, en: `"${text}" is not a division code` };
  },
  format: (value, _field, _lang, context) => context?.division?.(value as string) ?? provinceOr(value as string),
  jsonSchema: () => ({ type: 'string', maxLength: 12 }),
});

const provinceOr = (code: string) => (levelOf(code) === 'province' ? (provinces[code.slice(0, 2)] ?? code) : code);
