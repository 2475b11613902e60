import { isDay } from '../day.ts';
import { defineKind, error, type Parsed } from '../kind.ts';

const time = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A moment to the minute in Asia/Shanghai, `2026-11-21T09:30`, or a time of day, `09:30`. */
export default defineKind({
  kind: 'datetime',
  title: { zh: '日期时间', en: 'Date and time' },
  check(value, { subtype, validate }, { today }) {
    const text = value as string;
    if (subtype === 'time')
      return time.test(text)
        ? []
        : [error('time', `「${text}」不是时间。按 09:30 的样子填写`, `"${text}" is not a time`)];
    if (!isMoment(text))
      return [
        error('moment', `「${text}」不是日期时间。按 ${today} 09:30 的样子填写`, `"${text}" is not a date and time`),
      ];
    const bound = (limit: string | number | undefined) => (limit === 'today' ? today : limit);
    const min = bound(validate?.min);
    const max = bound(validate?.max);
    const show = (limit: string) => limit.replace('T', ' ');
    if (typeof min === 'string' && text < min)
      return [error('too-early', `「${show(text)}」太早，不能早于 ${show(min)}`, `Not before ${show(min)}`)];
    // A day as the last one includes its hours.
    if (typeof max === 'string' && text.slice(0, max.length) > max)
      return [error('too-late', `「${show(text)}」太晚，不能晚于 ${show(max)}`, `Not after ${show(max)}`)];
    return [];
  },
  parse(text, { subtype }): Parsed {
    const plain = text.replace(/：/g, ':');
    if (subtype === 'time') {
      const match = /^(\d{1,2})(?::|时)(\d{1,2})分?(?::\d{1,2})?$/.exec(plain);
      const value = match && `${two(match[1])}:${two(match[2])}`;
      if (value && time.test(value)) return { value };
      return { zh: `「${text}」不是时间。按 09:30 的样子填写`, en: `"${text}" is not a time; write 09:30` };
    }
    const match =
      /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[\sT]*(\d{1,2})(?::|时)(\d{1,2})分?(?::\d{1,2})?$/.exec(
        plain,
      );
    const value = match && `${match[1]}-${two(match[2])}-${two(match[3])}T${two(match[4])}:${two(match[5])}`;
    if (value && isMoment(value)) return { value };
    return {
      zh: `「${text}」不是日期时间。按 2026-11-21 09:30 的样子填写`,
      en: `"${text}" is not a date and time; write 2026-11-21 09:30`,
    };
  },
  format: (value) => String(value).replace('T', ' '),
  jsonSchema: () => ({ type: 'string', maxLength: 40 }),
});

const two = (digits: string) => digits.padStart(2, '0');
const isMoment = (text: string) => text[10] === 'T' && isDay(text.slice(0, 10)) && time.test(text.slice(11));
