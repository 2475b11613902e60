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

/** Newest first, with the colour that law and time give, and where the line is hatched. `standing`: clocks that stood before. */
export function linesOf(entries: TimelineEntry[], standing = 0): Line[] {
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
