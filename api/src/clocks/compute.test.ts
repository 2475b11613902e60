import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { dayNumber, dayText } from '../../../contracts/days.ts';
import { createWorkingDays } from '../calendar/index.ts';
import { compute, type ClockEvent } from './compute.ts';

const product = JSON.parse(readFileSync(new URL('../../data/holidays.json', import.meta.url), 'utf8')).years;
const year = (number: number) => ({
  year: number,
  provisional: false,
  days: Object.fromEntries([
    ...product[number].offDates.map((d: { date: string }) => [d.date, 'off:节']),
    ...product[number].workWeekends.map((d: { date: string }) => [d.date, 'work:补']),
  ]) as Record<string, string>,
});
const calendar = createWorkingDays([year(2024), year(2025), year(2026)]);
const with2027 = createWorkingDays([
  year(2026),
  { year: 2027, provisional: true, days: { '2027-01-01': 'off:元旦', '2027-02-05': 'off:春节' } },
]);

/** `start 09-21 10:00` of 2026, Shanghai. */
const at = (text: string): ClockEvent => {
  const [kind, day, time = '10:00'] = text.split(' ');
  const date = day.length === 5 ? `2026-${day}` : day;
  return { kind: kind as ClockEvent['kind'], at: new Date(`${date}T${time}:00+08:00`) };
};
const read = (limit: string, today: string, ...events: string[]) => compute(events.map(at), limit, calendar, today);

describe('reading a clock', () => {
  describe('accepted 09-21, review notice served 10-08, two rectifications, seen on 2026-11-19', () => {
    const today = '2026-11-19';

    it('has used 7 of 20 days for the decision, 31 are not counted [PLT-5.2 CMA-4.1]', () => {
      const decision = read('P20WD', today, 'start 09-21', 'stop 10-08');
      assert.deepEqual([decision.used, decision.total, decision.notCounted], [7, 20, 31]);
      assert.deepEqual([decision.state, decision.dueOn, decision.unknown], ['stopped', null, null]);
      assert.equal(decision.ruler, 'u'.repeat(7) + 's'.repeat(31) + 'f'.repeat(13));
    });

    it('has used 23 of 30 days for the review, rectification not counted [PLT-5.2 CMA-4.1]', () => {
      const review = read('P30WD', today, 'start 09-21', 'stop 10-23', 'resume 11-06', 'stop 11-09', 'resume 11-16');
      assert.deepEqual([review.used, review.total, review.notCounted], [23, 30, 15]);
      assert.equal(review.dueOn, '2026-11-30');
      assert.deepEqual(
        review.stops.map(({ until, days }) => [until !== null, days]),
        [
          [true, 10],
          [true, 5],
        ],
        'each stop with its days [PLT-2.6]',
      );
    });

    it('ends the rectification, which runs on while it is verified, on 12-04 [PLT-5.5]', () => {
      const rectification = read('P30WD', today, 'start 10-23');
      assert.equal(rectification.dueOn, '2026-12-04');
      assert.equal(rectification.used, 19);
    });

    it('gives the step until 11-23, with 3 of 5 days used [PLT-5.1]', () => {
      const step = read('P5WD', today, 'start 11-16');
      assert.deepEqual([step.used, step.total, step.dueOn, step.ruler], [3, 5, '2026-11-23', 'uuuff']);
    });
  });

  it('counts nothing on the day of the start, whatever the hour [PLT-5.1]', () => {
    for (const hour of ['00:01', '12:00', '23:59'])
      assert.equal(read('P5WD', '2026-11-16', `start 11-16 ${hour}`).used, 0);
    assert.equal(read('P5WD', '2026-11-16', 'start 11-16 09:00').dueOn, '2026-11-23');
  });

  it('takes 24:00 of a last day as that day: what it starts counts from the next one [PLT-5.5]', () => {
    assert.equal(read('P5WD', '2026-12-07', 'start 12-05 00:00').used, 1);
    assert.equal(read('P1WD', '2026-11-16', 'start 11-17 00:00').dueOn, '2026-11-17');
  });

  it('runs over New Year, Spring Festival and make-up days [PLT-5.1]', () => {
    assert.equal(read('P5WD', '2025-12-29', 'start 2025-12-29').dueOn, '2026-01-06', '12-30, 12-31, 01-04, 05, 06');
    assert.equal(read('P5WD', '2026-02-12', 'start 02-12').dueOn, '2026-02-26', '02-13, 02-14, 02-24, 25, 26');
    assert.equal(read('P5WD', '2026-09-30', 'start 09-30').dueOn, '2026-10-13');
  });

  it('counts the limits of licensing over every holiday of the year, with its make-up days [PLT-5.1]', () => {
    const due = (limit: string, start: string) =>
      read(limit, start.length === 5 ? `2026-${start}` : start, `start ${start}`).dueOn;
    assert.deepEqual(
      {
        'acceptance over New Year': due('P5WD', '2025-12-29'),
        'acceptance over Spring Festival': due('P5WD', '02-10'),
        'decision over Labour Day': due('P20WD', '04-20'),
        'ruling over Mid-Autumn and National Day': due('P10WD', '09-18'),
        'issue over National Day': due('P7WD', '09-28'),
      },
      {
        'acceptance over New Year': '2026-01-06',
        'acceptance over Spring Festival': '2026-02-24',
        'decision over Labour Day': '2026-05-20',
        'ruling over Mid-Autumn and National Day': '2026-10-09',
        'issue over National Day': '2026-10-13',
      },
    );
    const extended: ClockEvent = { ...at('extend 05-18'), limit: 'P10WD' };
    assert.equal(compute([at('start 04-20'), extended], 'P20WD', calendar, '2026-05-18').dueOn, '2026-06-03');
  });

  it('is over on the day after the last one [PLT-5.4]', () => {
    const last = read('P5WD', '2026-11-23', 'start 11-16');
    const over = read('P5WD', '2026-11-25', 'start 11-16');
    assert.deepEqual([last.used, last.ruler], [5, 'uuuuu']);
    assert.deepEqual([over.used, over.ruler, over.dueOn], [7, 'uuuuuoo', '2026-11-23']);
  });

  it('keeps a due day that passed before the stop [PLT-5.2]', () => {
    const read1 = read('P5WD', '2026-11-27', 'start 11-16', 'stop 11-24');
    assert.deepEqual([read1.state, read1.dueOn, read1.ruler], ['stopped', '2026-11-23', 'uuuuuosss']);
  });

  it('stands still from its end on [PLT-5.1]', () => {
    const ended = read('P5WD', '2026-12-31', 'start 11-16', 'end 11-19');
    assert.deepEqual([ended.state, ended.used, ended.ruler, ended.dueOn], ['ended', 3, 'uuu', '2026-11-23']);
  });

  it('begins anew with another start [CMA-3.7]', () => {
    const again = read('P5WD', '2026-11-20', 'start 11-02', 'end 11-04', 'start 11-16');
    assert.deepEqual([again.state, again.used, again.dueOn], ['running', 4, '2026-11-23']);
  });

  it('goes on after an end that was none, the days between not counted [PLT-5.2]', () => {
    const on = read('P5WD', '2026-11-20', 'start 11-02', 'end 11-04', 'resume 11-16');
    assert.deepEqual([on.state, on.used, on.notCounted, on.dueOn], ['running', 6, 8, '2026-11-19']);
    const ended = read('P5WD', '2026-11-20', 'start 11-02', 'end 11-04', 'resume 11-16', 'end 11-17');
    assert.deepEqual([ended.state, ended.used, ended.dueOn], ['ended', 3, '2026-11-19']);
  });

  it('is extended in its own unit [PLT-5.3]', () => {
    const extended = [at('start 11-16'), { ...at('extend 11-18'), limit: 'P10WD' }];
    const longer = compute(extended, 'P5WD', calendar, '2026-11-19');
    assert.deepEqual([longer.total, longer.dueOn], [15, '2026-12-07']);
    assert.throws(() => compute(extended, 'P5D', calendar, '2026-11-19'), RangeError);
  });

  it('does not guess a year that is not loaded [PLT-5.1]', () => {
    const open = read('P30WD', '2026-12-30', 'start 12-21');
    assert.deepEqual([open.dueOn, open.unknown, open.used], [null, 'calendar 2027', 7]);
    assert.equal(read('P5WD', '2027-01-05', 'start 12-29').unknown, 'calendar 2027');
  });

  it('marks a due day that rests on a provisional year [PLT-5.1]', () => {
    const next = (limit: string) => compute([at('start 12-21')], limit, with2027, '2026-12-22');
    assert.deepEqual([next('P9WD').dueOn, next('P9WD').provisional], ['2027-01-04', true]);
    assert.deepEqual([next('P8WD').dueOn, next('P8WD').provisional], ['2026-12-31', false]);
  });

  it('moves the end of days, weeks and months to the next working day (Civil Code 203) [PLT-5.1]', () => {
    const month = read('P1M', '2026-10-04', 'start 09-03');
    assert.equal(month.dueOn, '2026-10-08', '10-03 lies in the National Day holidays');
    assert.deepEqual([month.unit, month.used, month.total], ['D', 31, 35]);
    assert.equal(read('P30D', '2026-11-20', 'start 11-12').dueOn, '2026-12-14', '12-12 is a Saturday');
    assert.equal(read('P2W', '2026-11-20', 'start 11-12').dueOn, '2026-11-26');
    assert.equal(read('P3M', '2026-11-20', 'start 2025-11-30').dueOn, '2026-02-28', 'a make-up Saturday');
    assert.equal(read('P3M', '2026-11-20', 'start 11-20').unknown, 'calendar 2027');
  });

  it('adds stopped days to a limit of the calendar [PLT-5.2]', () => {
    assert.equal(read('P30D', '2026-11-20', 'start 10-12', 'stop 10-20', 'resume 10-30').dueOn, '2026-11-23');
  });
});

describe('any clock', () => {
  const moment = fc
    .integer({ min: 0, max: 300 * 24 * 60 })
    .map((minutes) => new Date(Date.UTC(2024, 1, 1) + minutes * 60_000));
  const life = fc
    .array(moment, { minLength: 1, maxLength: 9 })
    .map((moments): ClockEvent[] =>
      moments
        .sort((a, b) => a.getTime() - b.getTime())
        .map((when, i) => ({ kind: i === 0 ? 'start' : i % 2 === 1 ? 'stop' : 'resume', at: when })),
    );
  const limit = fc.constantFrom('P1WD', 'P5WD', 'P20WD', 'P30WD', 'P10D', 'P3W', 'P2M');
  const today = fc.integer({ min: 0, max: 400 }).map((days) => dayText(dayNumber('2024-02-01') + days));

  it('is not changed by a stop and resume at the same instant [PLT-5.2]', () => {
    fc.assert(
      fc.property(life, limit, today, moment, (events, text, day, when) => {
        const sorted = [...events].sort((a, b) => a.at.getTime() - b.at.getTime());
        const running = sorted.filter((e) => e.at <= when).at(-1)?.kind;
        fc.pre(running === 'start' || running === 'resume');
        const place = sorted.findLastIndex((e) => e.at <= when) + 1;
        const pair: ClockEvent[] = [
          { kind: 'stop', at: when },
          { kind: 'resume', at: when },
        ];
        assert.deepEqual(
          compute(sorted.toSpliced(place, 0, ...pair), text, calendar, day),
          compute(events, text, calendar, day),
        );
      }),
    );
  });

  it('never goes back from one day to the next, and counts each day once [PLT-5.1]', () => {
    fc.assert(
      fc.property(life, limit, today, (events, text, day) => {
        const now = compute(events, text, calendar, day);
        const next = compute(events, text, calendar, dayText(dayNumber(day) + 1));
        const steps = next.used + next.notCounted - now.used - now.notCounted;
        assert.ok(next.used >= now.used && next.notCounted >= now.notCounted && steps <= 1);
        assert.equal(next.dueOn, now.dueOn, 'the due day rests on what happened, not on who looks');
        assert.equal(now.ruler.length, now.used + now.notCounted + Math.max(0, now.total - now.used));
      }),
    );
  });

  it('ends later the later it starts and the longer it stands [PLT-5.2]', () => {
    fc.assert(
      fc.property(moment, moment, moment, fc.constantFrom('P5WD', 'P20WD', 'P10D'), (a, b, c, text) => {
        const [first, stop, resume] = [a, b, c].sort((x, y) => x.getTime() - y.getTime());
        const due = (...events: ClockEvent[]) => compute(events, text, calendar, '2024-02-01').dueOn!;
        const plain = due({ kind: 'start', at: first });
        assert.ok(plain <= due({ kind: 'start', at: stop }));
        assert.ok(
          plain <= due({ kind: 'start', at: first }, { kind: 'stop', at: stop }, { kind: 'resume', at: resume }),
        );
      }),
    );
  });

  it('reaches its total on the due day and not before [PLT-5.1]', () => {
    fc.assert(
      fc.property(life, fc.constantFrom('P1WD', 'P5WD', 'P20WD'), (events, text) => {
        const { dueOn } = compute(events, text, calendar, '2024-02-01');
        fc.pre(dueOn !== null);
        assert.equal(compute(events, text, calendar, dueOn!).used, compute(events, text, calendar, dueOn!).total);
        assert.ok(compute(events, text, calendar, dayText(dayNumber(dueOn!) - 1)).used < Number(text.match(/\d+/)![0]));
      }),
    );
  });
});
