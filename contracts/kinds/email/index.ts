import { defineKind, error } from '../kind.ts';

export default defineKind({
  kind: 'email',
  title: { zh: '电子邮箱', en: 'E-mail' },
  check: (value) =>
    /^[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}$/.test(value as string)
      ? []
      : [
          error(
            'email',
            `「${String(value)}」不是邮箱地址。按 name@example.cn 的样子填写`,
            `"${String(value)}" is not an e-mail address`,
          ),
        ],
  parse: (text) => ({ value: text.replace(/\s/g, '').replace('＠', '@') }),
  format: (value) => String(value),
  mask: (value) => String(value).replace(/^(.).*@/, '$1***@'),
  jsonSchema: () => ({ type: 'string', maxLength: 254 }),
});
