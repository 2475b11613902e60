import { checkCount, fileProperties, type FileValue } from '../files/index.ts';
import { defineKind, shanghaiMinute } from '../kind.ts';

/** A picture or film taken on the spot; time, place and person are burnt into it and kept beside it. */
export interface PhotoValue extends FileValue {
  /** ISO moment of the shot. */
  at: string;
  /** Who took it, as signed in. */
  by: string;
  /** WGS 84, degrees; null where the device gave none. */
  lat: number | null;
  lon: number | null;
  /** Metres. */
  accuracy: number | null;
}

/** Pictures taken on the spot. */
export default defineKind({
  kind: 'photo',
  title: { zh: '现场照片', en: 'Photo on the spot' },
  check: (value, field) => checkCount(value as PhotoValue[], field.validate),
  parse: () => ({ zh: '照片在现场拍摄，不能填写', en: 'Pictures are taken on the spot' }),
  format: (value, _field, lang) =>
    (value as PhotoValue[]).map(({ at, by }) => `${shanghaiMinute(at)} ${by}`).join(lang === 'zh' ? '；' : '; '),
  jsonSchema: () => ({
    type: 'array',
    maxItems: 200,
    items: {
      type: 'object',
      required: ['id'],
      additionalProperties: false,
      properties: {
        ...fileProperties,
        at: { type: 'string', maxLength: 40 },
        by: { type: 'string', maxLength: 100 },
        lat: { type: ['number', 'null'] },
        lon: { type: ['number', 'null'] },
        accuracy: { type: ['number', 'null'] },
      },
    },
  }),
});
