/** What a planned move does, for its preview. */
import type { ExitView } from '../api/index.ts';
import type { Marks } from './drawing.ts';

export type Effect = ExitView['effects'][number];

const MARKS: Partial<Record<Effect['kind'], Marks[string]>> = { cancel: 'cut', keep: 'keep', start: 'to' };

/** A step that ends here and begins anew is shown as the place where the case goes on. */
export function marksOf(effects: Effect[]): Marks {
  return Object.fromEntries(
    effects.flatMap(({ step, kind }) => {
      const mark = MARKS[kind];
      return step && mark ? [[step, mark]] : [];
    }),
  );
}

/** How many steps a move ends, keeps and starts. */
export function countEffects(effects: Effect[]): { cancel: number; keep: number; start: number } {
  const count = (kind: Effect['kind']) => effects.filter((effect) => effect.kind === kind).length;
  return { cancel: count('cancel'), keep: count('keep'), start: count('start') };
}
