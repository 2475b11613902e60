import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'position',
  sheet: { width: 40, hint: () => '现场由设备定位，不用填' },
});
