import type { Point } from '../../../../../contracts/kinds/index.ts';
import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'map-point',
  sheet: {
    width: 26,
    hint: () => '经度, 纬度（WGS 84），如 106.713478, 26.578312',
    cell: (value) => `${(value as Point).lon}, ${(value as Point).lat}`,
  },
});
