/** The drawn flow: what stands in the boxes and how each element is marked. */
import type { FlowDrawing, StepState } from '../api/index.ts';
import { shortDay } from '../shell/dates.ts';

/** Marks of a plan over the drawing: ended by it, kept, where it goes on. */
export type Marks = Record<string, 'cut' | 'keep' | 'to'>;

/** Class of each step and of each arrow that was taken. */
export function markersOf(drawing: FlowDrawing, marks: Marks = {}): { id: string; marker: string }[] {
  return [
    ...drawing.steps.map(({ id, state }) => ({ id, marker: `zy-${marks[id] ?? state}` })),
    ...drawing.taken.map((id) => ({ id, marker: 'zy-taken' })),
  ];
}

export const liveSteps = (drawing: FlowDrawing) =>
  drawing.steps.filter((step) => step.state === 'live' && isStep(step));

/** Where the case stands: its live steps, or where it was last. */
export function standsAt(drawing: FlowDrawing): StepState[] {
  const live = liveSteps(drawing);
  if (live.length > 0) return live;
  const last = drawing.steps
    .filter((step) => step.visits.length > 0)
    .sort((a, b) => a.visits.at(-1)!.enteredAt.localeCompare(b.visits.at(-1)!.enteredAt))
    .at(-1);
  return last ? [last] : [];
}

export const isStep = (step: StepState) => /task|subprocess/i.test(step.type);

/** The line under a step's name: when it was left and by whom, or since when somebody has it. */
export function captionOf(step: StepState, today: string, you: string, meName: string): string {
  const visit = step.visits.at(-1);
  if (!visit || !isStep(step)) return '';
  const who = step.state === 'live' ? visit.holder : visit.by;
  const name = who === meName ? you : who;
  const day = shortDay(visit.leftAt ?? visit.enteredAt, today);
  const times = step.visits.length > 1 ? ` ×${step.visits.length}` : '';
  return [day + times, name].filter(Boolean).join(' ');
}
