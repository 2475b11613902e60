import { defineKind, error, shanghaiMinute } from '../kind.ts';

/** An electronic signature or seal, made by its own action: who, when, and the SHA-256 of the file that carries it. */
export interface SignatureValue {
  by: string;
  at: string;
  hash: string;
  /** When something was changed that it had been put on; it no longer counts then. */
  voidedAt?: string;
}

const dayOf = (moment: string) => shanghaiMinute(moment).slice(0, 10);

export default defineKind({
  kind: 'signature',
  title: { zh: '签章', en: 'Signature' },
  check: (value) => {
    const { at, voidedAt } = value as SignatureValue;
    if (!voidedAt) return [];
    return [
      error(
        'seal-void',
        `${dayOf(at)} 签章后内容又有改动，签章已失效。重新签章`,
        'Something was changed after it was sealed; seal it again',
      ),
    ];
  },
  parse: () => ({ zh: '签章由「签章」操作完成，不能填写', en: 'A signature is made by signing' }),
  format: (value, _field, lang) => {
    const { by, at } = value as SignatureValue;
    return lang === 'zh' ? `${by} ${dayOf(at)} 签章` : `${by}, ${dayOf(at)}`;
  },
  jsonSchema: () => ({
    type: 'object',
    required: ['by', 'at', 'hash'],
    properties: {
      by: { type: 'string' },
      at: { type: 'string' },
      hash: { type: 'string' },
      voidedAt: { type: 'string' },
    },
  }),
});
