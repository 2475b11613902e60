import type { Check } from '../check.ts';

export const materials: Check = {
  code: 'materials',
  title: { zh: '材料齐全', en: 'Materials' },
  basis: '《中华人民共和国行政许可法》第三十一条',
  async run(context) {
    return (await context.materials())
      .filter((item) => item.required && item.applies && !item.files.some((file) => !file.replaced))
      .map(({ item, title }) => ({
        path: `materials/${item}`,
        severity: 'error' as const,
        zh: `缺少材料「${title}」`,
        en: `The material “${title}” is missing`,
      }));
  },
};
