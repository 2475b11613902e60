import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'register-ref',
  sheet: { width: 30, hint: ({ many }) => `登记库里的代码或名称${many ? '，几个之间用顿号隔开' : ''}` },
});
