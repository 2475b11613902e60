import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { StepChange } from '../engine/index.ts';
import { createWorkingDays } from '../calendar/index.ts';
import { compute } from './compute.ts';
import { advance, type Course } from './course.ts';
import { changes, licence } from './testing.ts';

const holidays = JSON.parse(readFileSync(new URL('../../data/holidays.json', import.meta.url), 'utf8')).years['2026'];
const calendar = createWorkingDays([
  {
    year: 2026,
    provisional: false,
    days: Object.fromEntries([
      ...holidays.offDates.map((d: { date: string }) => [d.date, 'off:节']),
      ...holidays.workWeekends.map((d: { date: string }) => [d.date, 'work:补']),
    ]),
  },
]);

describe('the course of clocks', () => {
  let course: Course;
  const run = (moment: string, ...written: string[]) =>
    advance(course, licence, changes(moment, ...written)).map(({ clock, event }) => `${event.kind} ${clock.id}`);
  const read = (id: string, today: string) => {
    const clock = course.clocks.get(id)!;
    return compute(clock.events, clock.limit, calendar, today);
  };
  beforeEach(() => (course = { clocks: new Map(), visits: [] }));

  it('follows a case through review and two rectifications, with the figures of the rules [PLT-5.2 CMA-4.1]', () => {
    assert.deepEqual(run('2026-09-16 09:00', 'entered acceptance'), ['start acceptance']);
    assert.deepEqual(run('2026-09-21 10:00', 'left acceptance', 'outcome acceptance=accept'), [
      'end acceptance',
      'start decision',
      'start review',
    ]);
    assert.deepEqual(run('2026-10-08 11:00', 'entered technicalReview'), ['stop decision']);
    assert.deepEqual(run('2026-10-23 15:00', 'left technicalReview', 'entered rectification'), [
      'resume decision',
      'start rectification',
      'stop decision',
      'stop review',
    ]);
    run('2026-11-06 15:00', 'left rectification', 'entered verifyRectification');
    run('2026-11-09 09:30', 'left verifyRectification', 'entered rectification 2');
    run('2026-11-16 09:30', 'left rectification 2', 'entered verifyRectification 2');

    const decision = read('decision', '2026-11-19');
    const review = read('review', '2026-11-19');
    const step = read('step:verifyRectification:2', '2026-11-19');
    assert.deepEqual([decision.state, decision.used, decision.total, decision.notCounted], ['stopped', 7, 20, 31]);
    assert.deepEqual([review.state, review.used, review.total], ['running', 23, 30]);
    assert.equal(read('rectification', '2026-11-19').dueOn, '2026-12-04');
    assert.deepEqual([step.used, step.total, step.dueOn], [3, 5, '2026-11-23']);
  });

  it('names the reason and the article of each stop [PLT-5.2]', () => {
    run('2026-09-21 10:00', 'outcome acceptance=accept');
    const [{ event }] = advance(course, licence, changes('2026-10-08 11:00', 'entered technicalReview'));
    assert.match(event.reason!, /技术评审/);
    assert.match(event.basis!, /《行政许可法》第四十五条/);
  });

  it('says nothing where one step hands a stopped clock to the next for the same reason [PLT-5.2]', () => {
    run('2026-09-21 10:00', 'outcome acceptance=accept');
    run('2026-10-08 11:00', 'entered technicalReview');
    assert.deepEqual(run('2026-10-09 11:00', 'left technicalReview', 'entered verifyRectification'), [
      'start step:verifyRectification:1',
    ]);
    const later: StepChange[] = [
      ...changes('2026-10-10 11:00', 'left verifyRectification'),
      ...changes('2026-10-12 11:00', 'entered technicalReview 2'),
    ];
    const said = advance(course, licence, later).map(({ clock, event }) => `${event.kind} ${clock.id}`);
    assert.deepEqual(
      said,
      ['end step:verifyRectification:1', 'resume decision', 'stop decision'],
      'a day lies between',
    );
  });

  it('stands as long as one of several open steps stops it [PLT-5.2]', () => {
    run('2026-09-21 10:00', 'outcome acceptance=accept');
    run('2026-10-08 11:00', 'entered technicalReview', 'entered rectification');
    assert.deepEqual(run('2026-10-09 11:00', 'left technicalReview'), []);
    assert.deepEqual(run('2026-10-10 11:00', 'left rectification'), ['resume decision', 'resume review']);
  });

  it('begins acceptance again from the receipt of supplements, and no other clock [PLT-5.2 CMA-3.7]', () => {
    run('2026-09-16 09:00', 'entered acceptance');
    assert.deepEqual(run('2026-09-18 09:00', 'outcome acceptance=supplement', 'entered supplement'), [
      'end acceptance',
      'start step:supplement:1',
    ]);
    assert.deepEqual(run('2026-09-22 09:00', 'left supplement', 'entered acceptance 2'), [
      'end step:supplement:1',
      'start acceptance',
    ]);
    assert.equal(read('acceptance', '2026-09-22').dueOn, '2026-09-30', '09-25 to 27 are off');
    run('2026-09-23 09:00', 'outcome acceptance=accept', 'entered rectification');
    run('2026-10-12 09:00', 'boundary rectificationOverdue');
    assert.deepEqual(run('2026-10-13 09:00', 'entered rectification 2'), []);
  });

  it('takes a step that a move cancelled as left [PLT-5.2]', () => {
    run('2026-09-21 10:00', 'outcome acceptance=accept');
    run('2026-10-08 11:00', 'entered technicalReview');
    const [left] = changes('2026-10-12 11:00', 'left technicalReview');
    const said = advance(course, licence, [{ ...left, how: 'cancelled' }]);
    assert.deepEqual(
      said.map(({ clock, event }) => `${event.kind} ${clock.id}`),
      ['resume decision'],
    );
  });

  it('ends everything with the case [PLT-5.1]', () => {
    run('2026-09-21 10:00', 'outcome acceptance=accept');
    run('2026-10-08 11:00', 'entered technicalReview');
    const said = advance(course, licence, [], { at: new Date('2026-10-09T03:00:00Z') });
    assert.deepEqual(
      said.map(({ clock, event }) => `${event.kind} ${clock.id}`),
      ['end decision', 'end review'],
    );
    assert.deepEqual(course.visits, []);
  });

  it('starts on the day that a form names, acting from the next one [PLT-5.1]', () => {
    const flow = {
      ...licence,
      flow: { ...licence.flow, clocks: [{ ...licence.flow.clocks[1], from: ['field:report.foundOn'] }] },
    } as typeof licence;
    const days = new Map([['field:report.foundOn', new Date('2026-09-21T16:00:00Z')]]);
    advance(course, flow, [], undefined, days);
    advance(course, flow, [], undefined, days);
    assert.equal(course.clocks.get('decision')!.events.length, 1);
    assert.equal(read('decision', '2026-09-22').used, 1);
  });
});
