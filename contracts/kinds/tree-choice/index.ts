import type { Field, TreeOption } from '../../forms/schema.ts';
import { defineKind, error, type Lang, type Parsed } from '../kind.ts';

/** The options from the top down to the one with this value; null where there is none. */
export function lineTo(tree: TreeOption[], value: unknown): TreeOption[] | null {
  for (const option of tree) {
    if (option.value === value) return [option];
    const below = lineTo(option.children ?? [], value);
    if (below) return [option, ...below];
  }
  return null;
}

/** One option of a tree (product category, discipline); its value is stored. */
export default defineKind({
  kind: 'tree-choice',
  title: { zh: '逐级选择', en: 'Tree choice' },
  check(value, field) {
    const line = lineTo(field.tree ?? [], value);
    if (!line)
      return [error('choice', `「${String(value)}」不在可选项里。重新选择`, `"${String(value)}" is not offered`)];
    const last = line.at(-1)!;
    if (last.children?.length && !field.anyLevel)
      return [
        error('level', `「${last.label}」下面还有细类，要选到最末一级`, `Choose one of those below "${last.label}"`),
      ];
    return [];
  },
  parse(text, field): Parsed {
    const names = text.split(/\s*[/／>＞]\s*/);
    const fits = all(field.tree ?? []).filter(({ option, line }) =>
      names.length > 1
        ? line.map((o) => o.label).join('/') === names.join('/')
        : option.value === text || option.label === text,
    );
    if (fits.length === 1) return { value: fits[0].option.value };
    return fits.length === 0
      ? {
          zh: `「${text}」不在可选项里。逐级写，用 / 隔开，如 ${example(field)}`,
          en: `"${text}" is not one of the options`,
        }
      : {
          zh: `「${text}」有 ${fits.length} 个，逐级写明，如 ${spell(fits[0].line, 'zh')}`,
          en: `"${text}" is not unique`,
        };
  },
  format: (value, field, lang) => spell(lineTo(field.tree ?? [], value), lang) || String(value),
  jsonSchema: () => ({ type: 'string', maxLength: 200 }),
});

function all(tree: TreeOption[], above: TreeOption[] = []): { option: TreeOption; line: TreeOption[] }[] {
  return tree.flatMap((option) => {
    const line = [...above, option];
    return [{ option, line }, ...all(option.children ?? [], line)];
  });
}

const spell = (line: TreeOption[] | null, lang: Lang) =>
  (line ?? []).map((o) => (lang === 'en' ? (o.labelEn ?? o.label) : o.label)).join(' / ');

function example({ tree = [] }: Field): string {
  const [first] = tree;
  const deep = all(first ? [first] : []).at(-1);
  return spell(deep?.line ?? null, 'zh');
}
