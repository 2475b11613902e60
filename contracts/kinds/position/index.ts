import type { Field } from '../../forms/schema.ts';
import { defineKind, isEmpty, shanghaiMinute, type KindContext, type KindFinding } from '../kind.ts';
import { distance, pointProperties, spellDistance, spellPoint, type Point } from '../point.ts';

/** Where somebody stood, by the device. */
export interface PositionValue extends Point {
  accuracy: number;
  /** ISO moment. */
  at: string;
}

/** Metres from the position to the point that the field measures to; null where either is missing. */
export function distanceTo(value: unknown, field: Field, data: KindContext['data']): number | null {
  const target = field.to ? data[field.to] : null;
  return isEmpty(value) || isEmpty(target) ? null : distance(value as Point, target as Point);
}

/** A position with its distance to a point of a register; too far away is a warning, as the point may be wrong. */
export default defineKind({
  kind: 'position',
  title: { zh: '现场定位', en: 'Position' },
  warns: true,
  check(value, field, { data }): KindFinding[] {
    const metres = distanceTo(value, field, data);
    const { accuracy } = value as PositionValue;
    if (metres === null || !field.within || metres - accuracy <= field.within) return [];
    const [far, limit] = [spellDistance(metres, 'zh'), spellDistance(field.within, 'zh')];
    return [
      {
        code: 'far',
        severity: 'warning',
        zh: `离登记的位置 ${far}，超过 ${limit}。到现场重新定位；确在现场的，写明理由`,
        en: `${spellDistance(metres, 'en')} from the registered point. Locate again on the spot, or say why it is right`,
      },
    ];
  },
  parse: () => ({ zh: '定位在现场由设备取得，不能填写', en: 'A position is taken from the device' }),
  format(value, _field, lang) {
    const position = value as PositionValue;
    return `${spellPoint(position, lang)}　${shanghaiMinute(position.at)}`;
  },
  jsonSchema: () => ({
    type: 'object',
    required: ['lat', 'lon', 'accuracy', 'at'],
    additionalProperties: false,
    properties: { ...pointProperties, accuracy: { type: 'number', minimum: 0 }, at: { type: 'string', maxLength: 40 } },
  }),
});
