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

/** The model with its names as `say` shows them; labels stand where there is room for other words than the author’s. */
export function namedBy(say: (name: string) => string, xml: string): string {
  const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const named = xml.replace(/(<\w+:\w+ [^>]*?\bname=")([^"]+)"/g, (all, before: string, name: string) => {
    const said = say(name);
    return said === name ? all : `${before}${escaped(said)}"`;
  });
  return named === xml ? xml : named.replace(/<bpmndi:BPMNLabel>.*?<\/bpmndi:BPMNLabel>|<bpmndi:BPMNLabel \/>/gs, '');
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

export type Visit = StepState['visits'][number];

/** Visits of a step that go on: one, or one for each thread. */
const openVisits = (step: StepState): Visit[] => step.visits.filter(({ leftAt }) => leftAt === null);

/**
 * The line under a step's name: when it was left and by whom, or since when somebody has it; `×2` the second time,
 * `1/3` where threads run and one of three is done.
 */
export function captionOf(step: StepState, today: string, you: string, meName: string): string {
  const open = openVisits(step);
  const visit = open[0] ?? step.visits.at(-1);
  if (!visit || !isStep(step)) return '';
  const who = open.length > 0 ? open.map(({ holder }) => holder) : [visit.by];
  const names = [...new Set(who)].flatMap((one) => (one === meName ? you : (one ?? [])));
  const day = shortDay(visit.leftAt ?? visit.enteredAt, today);
  const times = visit.visit > 1 ? ` ×${visit.visit}` : '';
  const round = step.visits.filter((one) => one.thread !== null && one.visit === visit.visit);
  const share = open.length > 0 && round.length > 1 ? `${round.length - open.length}/${round.length}` : '';
  return [day + times, share, names.join('、')].filter(Boolean).join(' ');
}

/** All visits of steps, the latest first. */
export function visitsOf(drawing: FlowDrawing): { step: StepState; visit: Visit }[] {
  return drawing.steps
    .filter(isStep)
    .flatMap((step) => step.visits.map((visit) => ({ step, visit })))
    .sort((a, b) => b.visit.enteredAt.localeCompare(a.visit.enteredAt));
}
