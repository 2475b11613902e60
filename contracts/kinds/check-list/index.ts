import type { Field, Option } from '../../forms/schema.ts';
import { allItems, itemsOf, labelOf, readOption } from '../options.ts';
import { defineKind, error, type KindFinding, type Parsed } from '../kind.ts';

/**
 * Items that are ticked (a list of their values), or, where the field has `answers`, items that each take one answer
 * (an object item → answer; every item must be answered). The items may go by the value of another field.
 */
export default defineKind({
  kind: 'check-list',
  title: { zh: '清单', en: 'Check list' },
  check(value, field, { data }): KindFinding[] {
    const items = itemsOf(field, data);
    const given = Array.isArray(value) ? value : Object.keys(value as object);
    const unknown = given.filter((item) => !items.some((o) => o.value === item));
    if (unknown.length > 0)
      return [
        {
          ...error('choice', `「${unknown.join('、')}」不在清单里。去掉它`, `Not in the list: ${unknown.join(', ')}`),
          repair: { zh: '去掉', en: 'Remove', value: without(value, unknown) },
        },
      ];
    return field.answers ? checkAnswers(value as Record<string, unknown>, field, items) : checkTicks(given, field);
  },
  parse(text, field): Parsed {
    if (field.answers) return readAnswers(text, field);
    const options = text
      .split(/[,，、;；\n]/)
      .map((part) => ({ part, option: readOption(part.trim(), allItems(field)) }));
    const unknown = options.find((o) => !o.option);
    if (unknown)
      return {
        zh: `「${unknown.part.trim()}」不在清单里。几项之间用顿号隔开`,
        en: `"${unknown.part.trim()}" is not in the list`,
      };
    return { value: options.map((o) => o.option!.value) };
  },
  format(value, field, lang) {
    const join = lang === 'zh' ? '、' : ', ';
    if (Array.isArray(value)) return value.map((item) => labelOf(item, allItems(field), lang)).join(join);
    return Object.entries(value as object)
      .map(([item, answer]) => `${labelOf(item, allItems(field), lang)}：${labelOf(answer, field.answers, lang)}`)
      .join(lang === 'zh' ? '；' : '; ');
  },
  jsonSchema: (field) =>
    field.answers
      ? { type: 'object', maxProperties: 500, additionalProperties: { type: 'string', maxLength: 200 } }
      : { type: 'array', maxItems: 500, uniqueItems: true, items: { type: 'string', maxLength: 200 } },
});

/** `甲：符合；乙：不符合`, one item a line or part. */
function readAnswers(text: string, field: Field): Parsed {
  const answers: Record<string, string> = {};
  for (const part of text.split(/[;；\n]/).filter((part) => part.trim() !== '')) {
    const [, name = '', said = ''] = /^(.*)[:：](.*)$/s.exec(part) ?? [];
    const item = readOption(name.trim(), allItems(field));
    const answer = readOption(said.trim(), field.answers!);
    if (!item || !answer)
      return {
        zh: `「${part.trim()}」不在清单里。按「项目：结论」填写，几项之间用分号隔开`,
        en: `"${part.trim()}" is not in the list; write "item: answer", parted by semicolons`,
      };
    answers[item.value] = answer.value;
  }
  return { value: answers };
}

function without(value: unknown, items: unknown[]): unknown {
  if (Array.isArray(value)) return value.filter((item) => !items.includes(item));
  return Object.fromEntries(Object.entries(value as object).filter(([item]) => !items.includes(item)));
}

function checkTicks(ticked: unknown[], field: Field): KindFinding[] {
  const { minRows, maxRows } = field.validate ?? {};
  if (minRows !== undefined && ticked.length < minRows)
    return [error('too-few', `勾了 ${ticked.length} 项，至少勾 ${minRows} 项`, `Tick at least ${minRows}`)];
  if (maxRows !== undefined && ticked.length > maxRows)
    return [error('too-many', `勾了 ${ticked.length} 项，最多勾 ${maxRows} 项`, `Tick at most ${maxRows}`)];
  return [];
}

function checkAnswers(answers: Record<string, unknown>, field: Field, items: Option[]): KindFinding[] {
  const wrong = Object.values(answers).find((answer) => !field.answers!.some((o) => o.value === answer));
  if (wrong !== undefined)
    return [error('choice', `没有「${String(wrong)}」这种结论。重新选择`, `No such answer: ${String(wrong)}`)];
  const open = items.filter((item) => answers[item.value] === undefined);
  if (open.length === 0) return [];
  return [
    error(
      'unanswered',
      `还有 ${open.length} 项没有结论，从「${open[0].label}」起逐项填写`,
      `${open.length} items are unanswered, the first is "${open[0].label}"`,
    ),
  ];
}
