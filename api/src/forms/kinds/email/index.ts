import { defineServerKind } from '../kind.ts';

export default defineServerKind({ kind: 'email', sheet: { width: 24, hint: () => '如 name@example.cn' } });
