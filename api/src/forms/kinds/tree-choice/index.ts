import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'tree-choice',
  sheet: {
    width: 30,
    hint: ({ tree = [] }) => `逐级写，用 / 隔开；第一级有 ${tree.map((option) => option.label).join('、')}`,
  },
});
