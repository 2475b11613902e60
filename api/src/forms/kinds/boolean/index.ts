import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'boolean',
  sheet: { width: 8, hint: () => '是或否', list: () => ['是', '否'] },
});
