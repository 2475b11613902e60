import { kinds } from '../../../../../contracts/kinds/index.ts';
import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'division',
  sheet: {
    width: 24,
    hint: () => '六位区划代码，如 520102；代码后可带名称',
    cell: (value, field, context) => {
      const name = kinds.division.format(value, field, 'zh', context);
      return name === value ? String(value) : `${String(value)} ${name}`;
    },
  },
});
