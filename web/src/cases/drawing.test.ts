import assert from 'node:assert/strict';
import type { FlowDrawing, StepState } from '../api/index.ts';
import { captionOf, liveSteps, markersOf, namedBy, standsAt, visitsOf } from './drawing.ts';

const step = (id: string, type: string, state: StepState['state'], days: [string, string | null][]): StepState => ({
  id,
  name: id,
  type,
  state,
  visits: days.map(([enteredAt, leftAt], i) => ({
    ...{ enteredAt, leftAt, visit: i + 1, thread: null, how: null, by: '韦若岚', holder: '田沐辰' },
  })),
});
const drawing: FlowDrawing = {
  xml: '',
  taken: ['accepted-review'],
  steps: [
    step('accept', 'userTask', 'done', [['2026-09-14', '2026-09-21']]),
    step('review', 'userTask', 'live', [
      ['2026-10-09', '2026-10-22'],
      ['2026-11-16', null],
    ]),
    step('split', 'parallelGateway', 'live', [['2026-11-17', null]]),
    step('rule', 'userTask', 'ahead', []),
  ],
};

describe('drawn flow', () => {
  it('is drawn with names in the language of whoever looks', () => {
    const english: Record<string, string> = { 受理: 'Accept & file' };
    assert.equal(
      namedBy(
        (name) => english[name] ?? name,
        '<bpmn:userTask id="a" name="受理"><bpmn:task id="b" name="归档" /><bpmndi:BPMNLabel>x</bpmndi:BPMNLabel>',
      ),
      '<bpmn:userTask id="a" name="Accept &#38; file"><bpmn:task id="b" name="归档" />',
    );
  });

  it('marks what was walked, lives, lies ahead, and what a plan cancels [PLT-1.8]', () => {
    const markers = markersOf(drawing, { review: 'cut' }).map(({ id, marker }) => `${id}:${marker}`);
    assert.deepEqual(markers, [
      'accept:zy-done',
      'review:zy-cut',
      'split:zy-live',
      'rule:zy-ahead',
      'accepted-review:zy-taken',
    ]);
  });

  it('says who had a step until when, and who has it since when [PLT-1.8]', () => {
    const captions = drawing.steps.map((one) => captionOf(one, '2026-11-19', '您', '韦若岚'));
    assert.deepEqual(captions, ['09-21 您', '11-16 ×2 田沐辰', '', '']);
  });

  it('counts threads that run at the same time, with who has them', () => {
    const threads = step('each', 'userTask', 'live', [
      ['2026-11-16', '2026-11-17'],
      ['2026-11-16', null],
      ['2026-11-16', null],
    ]);
    const visits = threads.visits.map((one, i) => ({
      ...one,
      visit: 1,
      thread: i + 1,
      holder: ['甲', '乙', null][i]!,
    }));
    assert.equal(captionOf({ ...threads, visits }, '2026-11-19', '您', '乙'), '11-16 1/3 您');
  });

  it('lists all visits, the latest first', () => {
    assert.deepEqual(
      visitsOf(drawing).map(({ step: { id }, visit }) => [id, visit.visit]),
      [
        ['review', 2],
        ['review', 1],
        ['accept', 1],
      ],
    );
  });

  it('stands at its live steps, and at its last one when closed', () => {
    assert.deepEqual(
      liveSteps(drawing).map(({ id }) => id),
      ['review'],
    );
    const closed = { ...drawing, steps: drawing.steps.slice(0, 1) };
    assert.deepEqual(
      standsAt(closed).map(({ id }) => id),
      ['accept'],
    );
  });
});
