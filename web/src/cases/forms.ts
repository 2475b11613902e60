import type { CaseView, TaskView } from '../api/index.ts';

export interface CaseForm {
  form: string;
  title: string;
  /** Filled in by this person's task. */
  edit: boolean;
}

/**
 * The case's forms: the one that the task fills first, which may have no version yet; then what was written about the
 * application, then the application.
 */
export function formsOf(view: CaseView, task: TaskView | undefined, isStaff: boolean): CaseForm[] {
  const filled = isStaff && task?.mine ? (task.edits ?? task.form) : null;
  const isNew = filled && !view.forms.some((one) => one.form === filled);
  const all = isNew ? [...view.forms, { form: filled, title: task?.stepName ?? filled }] : view.forms;
  return all.map((one) => ({ ...one, edit: one.form === filled })).sort((a, b) => rank(view, a) - rank(view, b));
}

function rank(view: CaseView, { form, edit }: CaseForm): number {
  if (edit) return 0;
  return form === view.form ? 2 : 1;
}
