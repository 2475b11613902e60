import { defineServerKind } from '../kind.ts';

export default defineServerKind({
  kind: 'check-list',
  store: { column: 'jsonb', readAs: 'jsonb' },
  /** Official forms show every item with a box. */
  print: (value, field) =>
    Array.isArray(value)
      ? (field.values ?? []).map((o) => `${value.includes(o.value) ? '☑' : '□'}${o.label}`).join(' ')
      : (field.values ?? []).map((o) => `${o.label}：${answer(value, o.value, field.answers)}`).join('\n'),
  sheet: { width: 24, hint: (field) => `几项之间用顿号隔开：${(field.values ?? []).map((o) => o.label).join('、')}` },
});

function answer(value: unknown, item: string, answers: { value: string; label: string }[] = []): string {
  const given = (value as Record<string, unknown>)[item];
  return answers.find((o) => o.value === given)?.label ?? '';
}
