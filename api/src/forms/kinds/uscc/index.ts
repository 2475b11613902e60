import { defineServerKind } from '../kind.ts';

export default defineServerKind({ kind: 'uscc', sheet: { width: 22, hint: () => '18 位统一社会信用代码' } });
