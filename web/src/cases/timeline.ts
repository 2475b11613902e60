import type { TimelineEntry } from '../api/index.ts';

export interface Line {
  entry: TimelineEntry;
  colour: 'over' | 'soon' | 'note' | 'ok' | 'hold' | 'run' | 'void';
  /** A clock stood between the entry below and this one's time. */
  stopped: boolean;
}

/** What happened, without opinion, law and times that follow in sentences of their own. */
export function firstSentence(text: string): string {
  return text.split(/(?<=。)|(?<=\. )/)[0]?.trim() ?? text;
}

const COLOURS: [RegExp, Line['colour']][] = [
  [/^clock\.stop$/, 'hold'],
  [/^clock\.(overdue|escalate)$|^(decision|move)\.blocked$|^work\.failed$/, 'over'],
  [/^clock\.warn$|^(decision|move)\.overtaken$|^rectification\.open$/, 'soon'],
  [/^certificate\.issued$|^register\.written$/, 'ok'],
  [/^case\.(start|withdraw)$|^material\./, 'note'],
  [/^case\.(end|terminate)$/, 'void'],
];

/** What a line is about. */
export const GROUPS = ['acts', 'documents', 'clocks', 'data', 'work'] as const;
export type Group = (typeof GROUPS)[number];

const GROUP_OF: [RegExp, Group][] = [
  [/^clock\./, 'clocks'],
  [/^(document|certificate|publication|number)\./, 'documents'],
  [/^(form|material|register|draw|score)\.|^draft\.sealed$|^case\.(validated|archived)$/, 'data'],
  [/^(work|connector)\./, 'work'],
];

export const groupOf = (action: string): Group => GROUP_OF.find(([pattern]) => pattern.test(action))?.[1] ?? 'acts';

/** Newest first, with the colour that law and time give, and where the line is hatched. */
export function linesOf(entries: TimelineEntry[]): Line[] {
  let standing = 0;
  return entries
    .toSorted((a, b) => (a.occurredAt ?? a.at).localeCompare(b.occurredAt ?? b.at))
    .map((entry): Line => {
      const stopped = standing > 0;
      if (entry.action === 'clock.stop') standing += 1;
      if (entry.action === 'clock.resume' || entry.action === 'clock.end') standing = Math.max(0, standing - 1);
      const colour = COLOURS.find(([pattern]) => pattern.test(entry.action))?.[1] ?? 'run';
      return { entry, colour, stopped };
    })
    .reverse();
}
