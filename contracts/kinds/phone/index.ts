import { defineKind, error } from '../kind.ts';

const mobile = /^1[3-9]\d{9}$/;
const landline = /^0\d{2,3}-?\d{7,8}(-\d{1,6})?$/;

/** A mobile or landline number; `field.phone` allows only one of them. */
export default defineKind({
  kind: 'phone',
  title: { zh: '电话', en: 'Phone' },
  check(value, field) {
    const number = value as string;
    if (field.phone !== 'landline' && mobile.test(number)) return [];
    if (field.phone !== 'mobile' && landline.test(number)) return [];
    const how =
      field.phone === 'mobile'
        ? '填 11 位手机号'
        : field.phone === 'landline'
          ? '填区号和号码，如 0851-85561234'
          : '填 11 位手机号，或带区号的固话，如 0851-85561234';
    return [error('phone', `「${number}」不是电话号码。${how}`, `"${number}" is not a phone number`)];
  },
  parse: (text) => ({
    value: text
      .replace(/^\+?86[-\s]?/, '')
      .replace(/^[（(](0\d{2,3})[）)]\s*/, '$1-')
      .replace(/[－—–]/g, '-')
      .replace(/\s/g, ''),
  }),
  format: (value) => String(value),
  mask: (value) => String(value).replace(/^(\d{3}).*(\d{4})$/, '$1****$2'),
  jsonSchema: () => ({ type: 'string', maxLength: 40 }),
});
