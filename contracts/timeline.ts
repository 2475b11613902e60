/** What the lines of a case's time line are about. */

export const TIMELINE_GROUPS = ['acts', 'documents', 'clocks', 'data', 'work'] as const;
export type TimelineGroup = (typeof TIMELINE_GROUPS)[number];

/** What the action of a line begins with; all others are acts of people. */
export const SUBJECTS: Record<Exclude<TimelineGroup, 'acts'>, string[]> = {
  documents: ['document.', 'certificate.', 'publication.', 'number.'],
  clocks: ['clock.'],
  data: ['form.', 'material.', 'register.', 'draw.', 'score.', 'draft.sealed', 'case.validated', 'case.archived'],
  work: ['work.', 'connector.'],
};
