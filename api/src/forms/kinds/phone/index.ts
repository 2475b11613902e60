import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'phone',
  sheet: {
    width: 16,
    hint: (field) => (field.phone === 'mobile' ? '11 位手机号' : '手机号，或带区号的固话如 0851-85561234'),
  },
});
