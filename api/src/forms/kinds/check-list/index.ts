import { allItems } from '../../../../../contracts/kinds/index.ts';
import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'check-list',
  sheet: {
    width: 24,
    hint: (field) =>
      `几项之间用顿号隔开：${allItems(field)
        .map((o) => o.label)
        .join('、')}`,
  },
});
