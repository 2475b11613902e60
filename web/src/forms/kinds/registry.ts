import type { Field, ScalarKind } from '../../../../contracts/forms/index.ts';
import type { KindUi } from './ui.ts';

const found = import.meta.glob<KindUi>(['./*/index.ts', '!./table/index.ts', '!./row-decisions/index.ts'], {
  eager: true,
  import: 'default',
});
const byKind = new Map<ScalarKind, KindUi>(Object.values(found).map((ui) => [ui.kind, ui]));

export function uiOf(field: Field): KindUi {
  const ui = byKind.get(field.type);
  if (!ui) throw new Error(`no editor for kind ${field.type}`);
  return ui;
}

/** Columns of four that a field takes. */
export function widthOf(field: Field): number {
  const { wide } = uiOf(field);
  if (wide === true || (field.type === 'check-list' && field.answers)) return 4;
  return field.layout?.columns ?? (wide || 1);
}
