/** What an answer does to the clocks, said before it is given: the course is carried on to the next step that waits. */
import type { CompiledFlow } from '../../../contracts/flow.ts';
import { limitText, parseLimit } from '../../../contracts/limits.ts';
import type { StepChange } from '../engine/index.ts';
import { nextAfter } from '../flows/index.ts';
import { advance, type Course, type Fresh } from './course.ts';

export interface Text {
  zh: string;
  en: string;
}

/**
 * Undefined where nothing happens to any clock of the flow. `alone`: nothing else is open in the case, so that an end of
 * the model is the end of the case.
 */
export function effectOf(
  course: Course,
  flow: CompiledFlow,
  visit: { step: string; visit: number; taskId: string; at: Date; alone: boolean },
  outcome: string,
): Text | undefined {
  const { alone, ...place } = visit;
  const copy = structuredClone(course);
  const happened: StepChange[] = [
    { ...place, kind: 'left', how: 'done' },
    { ...place, kind: 'outcome', outcome },
    ...ahead(flow, visit.step, outcome, visit.at).filter(({ kind }) => alone || kind !== 'ended'),
  ];
  const ends = happened.some(({ kind }) => kind === 'ended');
  const fresh = advance(copy, flow, happened, ends ? { at: visit.at } : undefined).filter(
    ({ clock }) => !clock.id.startsWith('step:'),
  );
  const parts = fresh.filter((one) => !undone(one, fresh)).map(told);
  if (parts.length === 0) return undefined;
  return { zh: parts.map(({ zh }) => zh).join('；'), en: parts.map(({ en }) => en).join('; ') };
}

/** Everything up to the next step that waits for somebody; what the product does by itself is passed. */
function ahead(flow: CompiledFlow, step: string, outcome: string, at: Date): StepChange[] {
  const changes: StepChange[] = [];
  const seen = new Set<string>();
  const open = nextAfter(flow, step, outcome);
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = flow.graph.nodes.find((one) => one.id === id);
    if (node?.type === 'endEvent' && flow.results[id]) changes.push({ kind: 'ended', step: id, visit: 1, at });
    const of = flow.steps[id];
    if (!of) continue;
    changes.push({ kind: 'entered', step: id, visit: 1, at });
    if (of.type !== 'work') continue;
    changes.push({ kind: 'left', step: id, visit: 1, at, how: 'done' });
    if (of.topic === 'serve-document')
      for (const document of (of.input.document ?? '').split(','))
        changes.push({ kind: 'served', step: id, visit: 1, at, document: document.trim() });
    open.push(...flow.graph.flows.filter((one) => one.from === id).map((one) => one.to));
  }
  return changes;
}

/** A stop and resume of one way are as if nothing had happened. */
function undone({ clock, event }: Fresh, fresh: Fresh[]): boolean {
  const other = event.kind === 'stop' ? 'resume' : event.kind === 'resume' ? 'stop' : undefined;
  return other !== undefined && fresh.some((one) => one.clock === clock && one.event.kind === other);
}

function told({ clock, event }: Fresh): Text {
  const title = `「${clock.title}」`;
  switch (event.kind) {
    case 'start': {
      const limit = limitText(parseLimit(clock.limit));
      return { zh: `${title}自次日起算，${limit.zh}`, en: `“${clock.title}” begins tomorrow: ${limit.en}` };
    }
    case 'stop':
      return { zh: `${title}停止计时${event.reason ? `（${event.reason}）` : ''}`, en: `“${clock.title}” stops` };
    case 'resume':
      return { zh: `${title}恢复计时`, en: `“${clock.title}” resumes` };
    case 'extend': {
      const by = limitText(parseLimit(event.limit!));
      return { zh: `${title}延长${by.zh}`, en: `“${clock.title}” is extended by ${by.en}` };
    }
    case 'end':
      return { zh: `${title}结束`, en: `“${clock.title}” ends` };
  }
}
