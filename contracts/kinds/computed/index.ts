import { defineKind } from '../kind.ts';
import { withThousands } from '../decimal.ts';

/** What follows from other fields by a FEEL expression; never typed. */
export default defineKind({
  kind: 'computed',
  title: { zh: '自动计算', en: 'Computed' },
  check: () => [],
  parse: () => ({ zh: '这一项自动计算，不用填', en: 'This is computed' }),
  format(value, { decimalDigits }, lang) {
    if (typeof value === 'boolean') return lang === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no';
    if (typeof value !== 'number') return String(value);
    return withThousands(decimalDigits === undefined ? String(value) : value.toFixed(decimalDigits));
  },
  jsonSchema: () => ({ type: ['string', 'number', 'boolean', 'null'] }),
});
