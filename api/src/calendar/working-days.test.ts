import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { dayNumber, dayText } from '../../../contracts/days.ts';
import { calendarDays, limitText, parseLimit } from '../../../contracts/limits.ts';
import { Problem } from '../core/index.ts';
import { createWorkingDays } from './working-days.ts';
import { checkYear, draftYear } from './year.ts';

const product = JSON.parse(readFileSync(new URL('../../data/holidays.json', import.meta.url), 'utf8')).years;
const exceptions = (year: number) =>
  Object.fromEntries([
    ...product[year].offDates.map((d: { date: string; name: string }) => [d.date, `off:${d.name}`]),
    ...product[year].workWeekends.map((d: { date: string; name: string }) => [d.date, `work:${d.name}`]),
  ]) as Record<string, string>;
const years = [2024, 2025, 2026].map((year) => ({ year, provisional: false, days: exceptions(year) }));
const days = createWorkingDays(years);

describe('working days', () => {
  it('counts from the day after, over National Day and a make-up Saturday [PLT-5.1]', () => {
    assert.deepEqual(days.addWorkingDays('2026-09-30', 5), { day: '2026-10-13' });
    assert.deepEqual(days.addWorkingDays('2026-10-13', -5), { day: '2026-09-30' });
    assert.equal(days.workingDaysBetween('2026-09-30', '2026-10-13'), 5);
    assert.equal(days.workingDaysBetween('2026-10-13', '2026-09-30'), -5);
  });

  it('knows Spring Festival, its make-up days and New Year [PLT-5.1]', () => {
    assert.equal(days.isWorkingDay('2026-02-14'), true, 'make-up Saturday');
    assert.equal(days.isWorkingDay('2026-02-28'), true, 'make-up Saturday');
    assert.equal(days.isWorkingDay('2026-02-20'), false);
    assert.deepEqual(days.addWorkingDays('2026-02-13', 2), { day: '2026-02-24' });
    assert.deepEqual(days.addWorkingDays('2025-12-31', 1), { day: '2026-01-04' });
  });

  it('refuses to guess a year that is not loaded [PLT-5.1]', () => {
    assert.deepEqual(days.isWorkingDay('2027-03-01'), { unknown: 'calendar 2027' });
    assert.deepEqual(days.addWorkingDays('2026-12-30', 2), { unknown: 'calendar 2027' });
    assert.deepEqual(days.addWorkingDays('2026-12-30', 1), { day: '2026-12-31' });
    assert.deepEqual(days.workingDaysBetween('2023-12-29', '2024-01-03'), { unknown: 'calendar 2023' });
  });

  it('adds and takes away the same days again [PLT-5.1]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 150 }), (from, n) => {
        const start = dayText(dayNumber('2024-02-01') + from);
        const end = days.addWorkingDays(start, n);
        assert.ok('day' in end);
        assert.equal(days.workingDaysBetween(start, end.day), n);
        assert.equal(days.isWorkingDay(end.day), true);
      }),
    );
  });
});

describe('the days of a year', () => {
  const faults = (year: number, list: Record<string, string>, provisional = false) => {
    try {
      checkYear(year, list, provisional);
      return [];
    } catch (error) {
      assert.ok(error instanceof Problem);
      return error.fields.map((field) => field.path);
    }
  };

  it('takes the years that the State Council has published [PLT-5.1]', () => {
    for (const { year, days } of years) assert.deepEqual(faults(year, days), []);
  });

  it('names each day that cannot be [PLT-5.1]', () => {
    const list = {
      ...exceptions(2026),
      '2026-02-30': 'off:x',
      '2025-05-01': 'off:x',
      '2026-03-03': 'work:x',
      '2026-03-04': 'free',
    };
    assert.deepEqual(faults(2026, list), ['days/2026-02-30', 'days/2025-05-01', 'days/2026-03-03', 'days/2026-03-04']);
  });

  it('asks for the whole year when it is final [PLT-5.1]', () => {
    const { '2026-06-19': _, '2026-06-20': __, '2026-06-21': ___, ...rest } = exceptions(2026);
    assert.deepEqual(faults(2026, rest), ['days/2026-05-27']);
    assert.deepEqual(faults(2026, rest, true), []);
  });

  it('drafts 2027 from statutory days [PLT-5.1]', () => {
    const draft = draftYear(2027);
    assert.equal(Object.keys(draft).length, 13);
    assert.deepEqual(faults(2027, draft), []);
    const next = createWorkingDays([...years, { year: 2027, provisional: true, days: draft }]);
    assert.equal(next.isWorkingDay('2027-02-05'), false);
    assert.equal(next.provisional(dayNumber('2027-02-05')), true);
    assert.deepEqual(next.addWorkingDays('2026-12-31', 1), { day: '2027-01-04' });
  });
});

describe('limits', () => {
  it('reads working days, days, weeks, months and years', () => {
    assert.deepEqual(parseLimit('P20WD'), { count: 20, unit: 'WD' });
    assert.equal(limitText(parseLimit('P20WD')).zh, '20个工作日');
    assert.throws(() => parseLimit('P0D'), /P20WD/);
    assert.throws(() => parseLimit('20'), RangeError);
  });

  it('ends months on the corresponding day, else on the last one (Civil Code 202)', () => {
    const last = (start: string, limit: string) =>
      dayText(dayNumber(start) + calendarDays(parseLimit(limit), dayNumber(start)));
    assert.equal(last('2026-11-30', 'P3M'), '2027-02-28');
    assert.equal(last('2028-02-29', 'P6Y'), '2034-02-28');
    assert.equal(last('2026-11-21', 'P2W'), '2026-12-05');
    assert.equal(last('2026-11-21', 'P30D'), '2026-12-21');
  });
});
