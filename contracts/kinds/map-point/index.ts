import { defineKind, error, type Parsed } from '../kind.ts';
import { isInChina, pointProperties, readPoint, spellPoint, type Point } from '../point.ts';

/** A place on the earth, typed or taken from the device. */
export default defineKind({
  kind: 'map-point',
  title: { zh: '地理坐标', en: 'Map point' },
  check(value) {
    const point = value as Point;
    if (isInChina(point)) return [];
    return [
      error(
        'outside',
        `「${spellPoint(point, 'zh')}」不在境内。经度在 73 到 136 之间，纬度在 3 到 54 之间`,
        `${spellPoint(point, 'en')} lies outside the country`,
      ),
    ];
  },
  parse(text): Parsed {
    const value = readPoint(text);
    if (value) return { value };
    return {
      zh: `「${text}」不是坐标。按 106.713478, 26.578312（经度, 纬度）的样子填写`,
      en: `"${text}" is not a place; write 106.713478, 26.578312`,
    };
  },
  format: (value, _field, lang) => spellPoint(value as Point, lang),
  jsonSchema: () => ({
    type: 'object',
    required: ['lat', 'lon'],
    additionalProperties: false,
    properties: pointProperties,
  }),
});
