import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'person',
  sheet: { width: 16, hint: ({ many }) => `姓名${many ? '，几人之间用顿号隔开' : ''}；同名的在页面上选` },
});
