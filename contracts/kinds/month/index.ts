import { isDay } from '../day.ts';
import { defineKind, error, type Parsed } from '../kind.ts';

/** A month, stored as `1985-03` (出生年月). */
export default defineKind({
  kind: 'month',
  title: { zh: '年月', en: 'Month' },
  check(value, _field, { today }) {
    const month = value as string;
    if (!isDay(`${month}-01`))
      return [error('month', `「${month}」不是年月。按 1985-03 的样子填写`, `"${month}" is not a month`)];
    if (month > today.slice(0, 7)) return [error('too-late', `「${month}」还没有到`, `${month} lies in the future`)];
    return [];
  },
  parse(text): Parsed {
    const match =
      /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(?:[-/.]\s*\d{1,2})?$/.exec(text) ?? /^(\d{4})(\d{2})$/.exec(text);
    const month = match && `${match[1]}-${match[2].padStart(2, '0')}`;
    if (month && isDay(`${month}-01`)) return { value: month };
    return { zh: `「${text}」不是年月。按 1985-03 的样子填写`, en: `"${text}" is not a month; write 1985-03` };
  },
  format: (value) => String(value),
  jsonSchema: () => ({ type: 'string', maxLength: 40 }),
});
