import { defineKind, error, type KindFinding } from '../kind.ts';

/** A file that was uploaded to the field; the server writes all of it, a save only says which ones stay. */
export interface FileValue {
  id: string;
  name: string;
  /** Bytes. */
  size: number;
  /** MIME type. */
  type: string;
}

export const fileProperties = {
  id: { type: 'string', maxLength: 60 },
  name: { type: 'string', maxLength: 255 },
  size: { type: 'integer', minimum: 0 },
  type: { type: 'string', maxLength: 100 },
};

/** Too few or too many, by `minRows` and `maxRows`. */
export function checkCount(files: unknown[], { minRows, maxRows }: { minRows?: number; maxRows?: number } = {}) {
  const found: KindFinding[] = [];
  if (minRows !== undefined && files.length < minRows)
    found.push(error('too-few', `只有 ${files.length} 件，至少 ${minRows} 件`, `${files.length}; at least ${minRows}`));
  if (maxRows !== undefined && files.length > maxRows)
    found.push(error('too-many', `有 ${files.length} 件，最多 ${maxRows} 件`, `${files.length}; at most ${maxRows}`));
  return found;
}

/** Files in order of upload. */
export default defineKind({
  kind: 'files',
  title: { zh: '附件', en: 'Files' },
  check: (value, field) => checkCount(value as FileValue[], field.validate),
  parse: () => ({ zh: '附件在页面上传，不能填写', en: 'Files are uploaded on the page' }),
  format: (value, _field, lang) => (value as FileValue[]).map(({ name }) => name).join(lang === 'zh' ? '、' : ', '),
  jsonSchema: () => ({
    type: 'array',
    maxItems: 200,
    items: { type: 'object', required: ['id'], additionalProperties: false, properties: fileProperties },
  }),
});
