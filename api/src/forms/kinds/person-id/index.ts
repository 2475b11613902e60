import { defineServerKind } from '../kind.ts';

export default defineServerKind({ kind: 'person-id', sheet: { width: 22, hint: () => '证件号码，单元格设为文本' } });
