import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'boolean',
  store: { column: 'boolean', readAs: 'boolean' },
  sheet: { width: 8, hint: () => '是或否', list: () => ['是', '否'] },
});
