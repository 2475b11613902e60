/** Who may do what with a form; decided by the cases area, kept to here. */
import type { Release } from '../../../contracts/flow.ts';
import type { FieldProblem, Who } from '../core/index.ts';
import { locked } from './problems.ts';

export type Access =
  | { mode: 'edit'; open: 'all' | string[]; release: Release; step?: string; taskId?: string }
  | { mode: 'read'; release: Release };

/** Null: the caller may not even know that it exists. */
export type AccessOf = (who: Who, owner: string, form: string) => Promise<Access | null>;

/** True when a path, or something that it lies in, was opened. */
export function isOpen(open: 'all' | string[], path: string): boolean {
  return open === 'all' || open.some((opened) => path === opened || path.startsWith(`${opened}/`));
}

/** @throws Problem that names every place outside of what is open */
export function assertOpen(open: 'all' | string[], places: { path: string; label: string }[]): void {
  const closed = places.filter(({ path }) => !isOpen(open, path));
  if (closed.length > 0) throw locked({ fields: closed.map(lockedField) });
}

export function lockedField({ path, label }: { path: string; label: string }): FieldProblem {
  return {
    path,
    zh: `${label}：这次不能改，只能改通知里指明的内容`,
    en: `${label}: may not be changed now, only what the notice names`,
  };
}

export function fixedField(path: string, label: string, labelEn = label): FieldProblem {
  return { path, zh: `${label}：这一步不能填写`, en: `${labelEn}: is not filled in at this step` };
}
