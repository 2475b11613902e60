import { defineKind } from '../kind.ts';
import { withThousands } from '../decimal.ts';

/** What follows from other fields by a FEEL expression; never typed. */
export default defineKind({
  kind: 'computed',
  title: { zh: '自动计算', en: 'Computed' },
  check: () => [],
  parse: () => ({ zh: '这一项自动计算，不用填', en: 'This is computed' }),
  format: (value) => (typeof value === 'number' ? withThousands(String(value)) : String(value)),
  jsonSchema: () => ({ type: ['string', 'number', 'boolean', 'null'] }),
});
