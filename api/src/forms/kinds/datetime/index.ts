import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'datetime',
  sheet: {
    width: 18,
    hint: ({ subtype }) => (subtype === 'time' ? '时间，如 09:30' : '日期时间，如 2026-11-21 09:30'),
  },
});
