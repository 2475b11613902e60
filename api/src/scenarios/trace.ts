/** Where a case went, from its drawing: for messages of failing steps, and for coverage. */
import type { z } from 'zod';
import type { FlowDrawing } from '../../../contracts/api/index.ts';

type Drawing = z.infer<typeof FlowDrawing>;

/** What a scenario took of its flow. */
export interface Trace {
  /** Ids of sequence flows. */
  flows: string[];
  /** `<step>=<outcome>`. */
  outcomes: string[];
}

const PLAIN = new Set(['sequenceFlow', 'textAnnotation']);

/**
 * The way that was taken, as text: one line per branch, `▶` before what lives, `✕` before what was cancelled, steps with
 * their ids.
 */
export function drawnPath({ xml, steps, taken }: Drawing): string {
  const ends = flowEnds(xml);
  const ways = new Set(taken.map((id) => ends.get(id) ?? ''));
  const visits = steps
    .filter((step) => !PLAIN.has(step.type))
    .flatMap((step) => step.visits.map((visit) => ({ step, visit, at: Date.parse(visit.enteredAt) })))
    .sort((a, b) => a.at - b.at);
  const lines: { last: string; text: string }[] = [];
  for (const { step, visit } of visits) {
    const sign = visit.leftAt === null ? '▶ ' : visit.how === 'cancelled' ? '✕ ' : '';
    const name = step.name && step.name !== step.id ? `${step.name} ${step.id}` : step.id;
    const who = visit.by ?? visit.holder;
    const text = `${sign}${name}${who ? `（${who}）` : ''}`;
    const line = lines.findLast(({ last }) => ways.has(`${last}>${step.id}`));
    if (line) Object.assign(line, { last: step.id, text: `${line.text} → ${text}` });
    else lines.push({ last: step.id, text });
  }
  return lines.map((line) => `  ${line.text}`).join('\n');
}

/** Id of a sequence flow → `from>to`. */
function flowEnds(xml: string): Map<string, string> {
  const ends = new Map<string, string>();
  for (const [flow] of xml.matchAll(/<bpmn:sequenceFlow [^>]*>/g)) {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(flow)?.[1] ?? '';
    ends.set(attribute('id'), `${attribute('sourceRef')}>${attribute('targetRef')}`);
  }
  return ends;
}
