import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'photo',
  sheet: { width: 30, hint: () => '照片在现场拍摄，不用填' },
});
