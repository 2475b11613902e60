import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'files',
  sheet: { width: 30, hint: () => '附件在页面上传，不用填' },
});
