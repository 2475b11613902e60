import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'signature',
  sheet: { width: 20, hint: () => '签章由「签章」操作完成，不用填' },
});
