import type { Option } from '../../../../../contracts/forms/index.ts';
import { allItems } from '../../../../../contracts/kinds/index.ts';
import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'check-list',
  sheet: {
    width: 24,
    hint(field) {
      const names = (options: Option[]) => options.map((option) => option.label).join('、');
      const items = names(allItems(field));
      if (!field.answers) return `几项之间用顿号隔开：${items}`;
      return `按「项目：结论」填写，几项之间用分号隔开。项目：${items}；结论：${names(field.answers)}`;
    },
  },
});
