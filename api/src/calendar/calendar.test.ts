import assert from 'node:assert/strict';
import { createAudit } from '../audit/index.ts';
import { Problem } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { createCalendar, type Calendar } from './index.ts';
import { draftYear } from './year.ts';

describe('the calendar in the database', () => {
  let core: TestCore;
  let calendar: Calendar;
  const closed: string[] = [];

  before(async function () {
    this.timeout(60_000);
    core = await openTestCore();
    const incidents = { close: async (_: unknown, kind: string, ref: string) => void closed.push(`${kind} ${ref}`) };
    calendar = createCalendar(core, { audit: createAudit(core), incidents, loaded: async () => {} }).calendar;
  });
  after(() => core.close());

  it('knows nothing before a year is loaded [PLT-5.1]', async () => {
    assert.deepEqual(await calendar.addWorkingDays('2026-11-20', 1), { unknown: 'calendar 2026' });
  });

  it('is seeded with the published years and a provisional draft, once [PLT-5.1]', async () => {
    await core.db.transaction((trx) => calendar.seed(trx, [2027]));
    await core.db.transaction((trx) => calendar.seed(trx, [2027]));
    const years = await calendar.years();
    assert.deepEqual(
      years.map(({ year, provisional }) => [year, provisional]),
      [
        [2024, false],
        [2025, false],
        [2026, false],
        [2027, true],
      ],
    );
    assert.deepEqual(await calendar.addWorkingDays('2026-12-31', 1), { day: '2027-01-04' });
    assert.ok(closed.includes('calendar 2027'));
    assert.equal((await core.db('audit').where({ action: 'calendar.loaded' })).length, 4);
  });

  it('shows another app at once what was loaded [PLT-5.1]', async () => {
    const elsewhere = createCalendar(core, {
      audit: createAudit(core),
      incidents: { close: async () => {} },
      loaded: async () => {},
    }).calendar;
    assert.equal(await elsewhere.isWorkingDay('2027-02-20'), false);
    const final = { ...draftYear(2027), '2027-02-20': 'work:春节' };
    await core.db.transaction((trx) => calendar.load(trx, 2027, final, false));
    assert.equal(await elsewhere.isWorkingDay('2027-02-20'), true);
  });

  it('does not keep what a transaction took back [PLT-5.1]', async () => {
    await assert.rejects(
      core.db.transaction(async (trx) => {
        await calendar.load(trx, 2027, draftYear(2027), false);
        assert.equal((await calendar.days(trx)).isWorkingDay('2027-02-20'), false);
        throw new Error('taken back');
      }),
      /taken back/,
    );
    assert.equal(await calendar.isWorkingDay('2027-02-20'), true);
  });

  it('does not make a final year provisional again [PLT-5.1]', async () => {
    await assert.rejects(
      core.db.transaction((trx) => calendar.load(trx, 2027, draftYear(2027), true)),
      (error) => error instanceof Problem && error.code === 'calendar-final',
    );
  });
});
