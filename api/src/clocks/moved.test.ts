import assert from 'node:assert/strict';
import type { CompiledFlow } from '../../../contracts/flow.ts';
import type { StepChange } from '../engine/index.ts';
import type { Course } from './course.ts';
import { advance } from './course.ts';
import { stateOf, type Clock } from './clock.ts';
import { movedClocks } from './moved.ts';

const at = new Date('2026-09-14T01:00:00Z');
const stops = { clock: 'decision', op: 'stop', reason: 'technical-review' };
const step = (more: object) => ({ name: { zh: '评审' }, clock: [], timers: [], outcomes: [], ...more });
const FLOW = {
  flow: {
    clocks: [
      {
        id: 'decision',
        title: { zh: '许可期限', en: 'Decision' },
        limit: 'P20WD',
        from: ['entered:accept'],
        until: [],
      },
    ],
  },
  graph: { nodes: [{ id: 'overdue', name: '逾期' }], flows: [] },
  steps: {
    accept: step({}),
    review: step({ clock: [stops] }),
    examine: step({ timers: [{ boundary: 'overdue', clock: 'decision' }] }),
  },
} as unknown as CompiledFlow;

const entered = (id: string, visit = 1): StepChange => ({ kind: 'entered', step: id, visit, at });
const left = (id: string): StepChange => ({ kind: 'left', how: 'cancelled', step: id, visit: 1, at });

describe('what a move does to the clocks', () => {
  const read = (clock: Clock) => {
    const state = stateOf(clock)!;
    return { state, dueOn: state === 'running' ? '2026-10-19' : null };
  };
  function courseWith(...changes: StepChange[]): Course {
    const course: Course = { clocks: new Map(), visits: [] };
    advance(course, FLOW, changes);
    return course;
  }
  const lines = (course: Course, ...changes: StepChange[]) =>
    movedClocks(course, FLOW, changes, read).map(({ what, note, stops: halts }) => [what.zh, note.zh, halts]);

  it('says which stop and why, and that their timers go, and leaves the case as it was [PLT-1.3] [PLT-5.2]', () => {
    const course = courseWith(entered('accept'), entered('examine'));
    const before = structuredClone(course);
    assert.deepEqual(lines(course, left('examine'), entered('review')), [
      ['许可期限', '停止计时（技术评审所需时间不计入期限）', true],
      ['逾期', '到期处理取消', false],
    ]);
    assert.deepEqual(course, before);
  });

  it('says which run again, with the day on which they and their timers are due [PLT-1.3] [PLT-5.2]', () => {
    const course = courseWith(entered('accept'), entered('review'));
    assert.deepEqual(lines(course, left('review'), entered('examine', 2)), [
      ['许可期限', '恢复计时，2026-10-19 到期', false],
      ['逾期', '到期处理定在 2026-10-19 终了', false],
    ]);
    assert.deepEqual(lines(course, left('review'), entered('review', 2)), []);
  });

  it('says that a limit goes on whose end was none, and that the next one ends [PLT-1.3] [PLT-5.2]', () => {
    const [decision] = FLOW.flow.clocks;
    const clocks = [
      {
        ...decision!,
        id: 'a',
        from: ['entered:accept', 'entered:review'],
        until: ['entered:examine'],
        again: 'resume',
      },
      { ...decision!, id: 'b', title: { zh: '审查期限' }, from: ['entered:examine'], until: ['entered:review'] },
    ];
    const flow = { ...FLOW, flow: { ...FLOW.flow, clocks }, steps: { accept: step({}), review: step({}) } };
    const course: Course = { clocks: new Map(), visits: [] };
    advance(course, flow as unknown as CompiledFlow, [entered('accept'), entered('review'), entered('examine')]);
    const moved = movedClocks(course, flow as unknown as CompiledFlow, [left('examine'), entered('review', 2)], read);
    assert.deepEqual(
      moved.map(({ what, note }) => `${what.zh}：${note.zh}`),
      ['许可期限：恢复计时，2026-10-19 到期', '审查期限：结束'],
    );
  });

  it('says of a timer beside what is sent back that it stands still meanwhile [PLT-1.3]', () => {
    const course = courseWith(entered('accept'), entered('examine'));
    assert.deepEqual(lines(course, entered('review')).at(-1), ['逾期', '到期处理暂停', false]);
  });
});
