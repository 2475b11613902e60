import { isDay } from '../day.ts';
import date from '../date/index.ts';
import { defineKind, error, isEmpty, type KindFinding, type Parsed } from '../kind.ts';

/** First and last day, both included; one may be missing while the field is being filled. */
export interface DateRange {
  from: string | null;
  to: string | null;
}

/** Two days; `validate.min` and `max` bound both. */
export default defineKind({
  kind: 'date-range',
  title: { zh: '起止日期', en: 'Date range' },
  check(value, field, context): KindFinding[] {
    const { from, to } = value as DateRange;
    const ends = [from, to].filter((day) => !isEmpty(day));
    const wrong = ends.flatMap((day) => date.check(day, field, context));
    if (wrong.length > 0) return wrong.slice(0, 1);
    if (isEmpty(from)) return [error('no-start', '没有填起始日期', 'The first day is missing')];
    if (isEmpty(to)) return [error('no-end', '没有填截止日期', 'The last day is missing')];
    if (from! > to!)
      return [error('backwards', `截止日期 ${to} 早于起始日期 ${from}`, `The last day ${to} lies before ${from}`)];
    return [];
  },
  parse(text): Parsed {
    const parts = text.split(/\s*(?:至|到|～|~|—+|–|\sto\s)\s*/).map((part) => date.parse(part, { ...asDate }));
    const [from, to] = parts.map((part) => ('value' in part ? (part.value as string) : ''));
    if (parts.length === 2 && isDay(from) && isDay(to)) return { value: { from, to } };
    return {
      zh: `「${text}」不是起止日期。按 2026-01-01 至 2026-12-31 的样子填写`,
      en: `"${text}" is not a range; write 2026-01-01 至 2026-12-31`,
    };
  },
  format(value, _field, lang) {
    const { from, to } = value as DateRange;
    return `${from ?? '…'} ${lang === 'zh' ? '至' : 'to'} ${to ?? '…'}`;
  },
  jsonSchema: () => ({
    type: 'object',
    required: ['from', 'to'],
    additionalProperties: false,
    properties: { from: { type: ['string', 'null'], maxLength: 40 }, to: { type: ['string', 'null'], maxLength: 40 } },
  }),
});

const asDate = { type: 'date', key: 'day', label: '日期' } as const;
