import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'organisation',
  sheet: { width: 30, hint: ({ many }) => `机关全称、简称或代码${many ? '，几个之间用顿号隔开' : ''}` },
});
