/** For tests only: the steps and clocks of a licence with technical review and rectification. */
import type { CompiledFlow, Step } from '../../../contracts/flow.ts';
import type { StepChange } from '../engine/index.ts';

const step = (id: string, given: Partial<Step> = {}): Step => ({
  id,
  name: { zh: id },
  type: 'user',
  groups: [],
  outcomes: [],
  actions: [],
  clock: [],
  notSameAs: [],
  timers: [],
  input: {},
  ...given,
});
const text = (zh: string) => ({ zh, en: zh });
const uses = (...written: string[]): Step['clock'] =>
  written.map((use) => {
    const [clock, op, reason] = use.split(/[=:]/);
    return { clock, op: op as 'run' | 'stop', ...(reason && { reason }) };
  });

/** Clocks, limits and timers as in `cma-initial`. */
export const licence = {
  flow: {
    accepted: 'outcome:acceptance=accept',
    clocks: [
      {
        id: 'acceptance',
        title: text('受理期限'),
        basis: '《办法》第十一条第二项',
        limit: 'P5WD',
        from: ['entered:acceptance'],
        until: ['outcome:acceptance=accept', 'outcome:acceptance=supplement'],
        again: true,
      },
      {
        id: 'decision',
        title: text('许可期限'),
        basis: '《行政许可法》第四十二条',
        limit: 'P20WD',
        from: ['outcome:acceptance=accept'],
        until: ['outcome:ruling=grant'],
        again: false,
      },
      {
        id: 'review',
        title: text('技术评审期限'),
        basis: '《办法》第十一条第三项',
        limit: 'P30WD',
        from: ['outcome:acceptance=accept'],
        until: ['outcome:verifyRectification=verified'],
        again: false,
      },
      {
        id: 'rectification',
        title: text('整改期限'),
        basis: '《办法》第二十六条',
        limit: 'P30WD',
        from: ['entered:rectification'],
        until: ['outcome:verifyRectification=verified', 'boundary:rectificationOverdue'],
        again: false,
      },
    ],
  },
  steps: {
    acceptance: step('acceptance'),
    supplement: step('supplement', {
      limit: 'P20WD',
      timers: [{ boundary: 'supplementOverdue', clock: 'step' }],
    }),
    technicalReview: step('technicalReview', { clock: uses('decision=stop:technical-review', 'review=run') }),
    rectification: step('rectification', {
      clock: uses('decision=stop:rectification', 'review=stop:rectification'),
      timers: [{ boundary: 'rectificationOverdue', clock: 'rectification' }],
    }),
    verifyRectification: step('verifyRectification', {
      limit: 'P5WD',
      clock: uses('decision=stop:technical-review', 'review=run'),
    }),
    ruling: step('ruling'),
  } as Record<string, Step>,
} as unknown as CompiledFlow;

/** `2026-09-21 10:00` in Shanghai. */
export const shanghai = (moment: string): Date => new Date(`${moment.replace(' ', 'T')}:00+08:00`);

/** `left acceptance`, `entered rectification 2`, `outcome ruling=grant`, `boundary x` at a moment. */
export function changes(moment: string, ...written: string[]): StepChange[] {
  return written.map((line) => {
    const [kind, what, visit = '1'] = line.split(' ');
    const [name, outcome] = what.split('=');
    return {
      kind: kind as StepChange['kind'],
      step: kind === 'served' ? '' : name,
      visit: Number(visit),
      at: shanghai(moment),
      ...(outcome && { outcome }),
      ...(kind === 'served' && { document: name }),
    };
  });
}
