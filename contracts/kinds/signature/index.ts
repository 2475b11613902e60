import { defineKind } from '../kind.ts';

/** An electronic signature or seal, made by its own action: who, when, and the SHA-256 of the file that carries it. */
export interface SignatureValue {
  by: string;
  at: string;
  hash: string;
}

export default defineKind({
  kind: 'signature',
  title: { zh: '签章', en: 'Signature' },
  check: () => [],
  parse: () => ({ zh: '签章由「签章」操作完成，不能填写', en: 'A signature is made by signing' }),
  format: (value, _field, lang) => {
    const { by, at } = value as SignatureValue;
    return lang === 'zh' ? `${by} ${at.slice(0, 10)} 签章` : `${by}, ${at.slice(0, 10)}`;
  },
  jsonSchema: () => ({
    type: 'object',
    required: ['by', 'at', 'hash'],
    properties: { by: { type: 'string' }, at: { type: 'string' }, hash: { type: 'string' } },
  }),
});
