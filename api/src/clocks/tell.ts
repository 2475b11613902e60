/** What an applicant is told of the clocks of a case: time that isn't counted, and extensions. */
import type { Knex } from 'knex';
import { dayNumber, dayText } from '../../../contracts/days.ts';
import { limitText, parseLimit } from '../../../contracts/limits.ts';
import type { Calendar } from '../calendar/index.ts';
import { shanghaiDay, type Core } from '../core/index.ts';
import type { Messages } from '../messages/index.ts';
import { compute } from './compute.ts';
import type { Fresh } from './course.ts';

export interface ToldCase {
  id: string;
  institution_id: string | null;
  starter: string;
  number: string;
}

interface TellDeps {
  calendar: Pick<Calendar, 'days'>;
  messages: Pick<Messages, 'send'>;
}

/** Sends what is told of events that have just been written. */
export function createTell({ time }: Pick<Core, 'time'>, { calendar, messages }: TellDeps) {
  return async (trx: Knex.Transaction, row: ToldCase, fresh: Fresh[]): Promise<void> => {
    await tellExtensions(trx, row, fresh);
    await tellStops(trx, row, fresh);
  };

  /** The applicant learns which time isn't counted (Licensing Law 45). */
  async function tellStops(trx: Knex.Transaction, row: ToldCase, fresh: Fresh[]): Promise<void> {
    const stops = fresh.filter(({ event }) => event.kind === 'stop');
    if (stops.length === 0) return;
    const lines = stops.map(({ clock, event }) => {
      const from = dayText(dayNumber(shanghaiDay(event.at)) + 1);
      const why = [event.reason, event.basis && `依据${event.basis}`].filter(Boolean).join('，');
      return `「${clock.title}」自 ${from} 起停止计算${why ? `：${why}` : ''}。`;
    });
    await send(trx, row, `办件 ${row.number} 的期限停止计算`, lines.join('\n'));
  }

  /** An extension, its new last day where the clock runs, and its reasons are told to the applicant (Licensing Law 42). */
  async function tellExtensions(trx: Knex.Transaction, row: ToldCase, fresh: Fresh[]): Promise<void> {
    const extended = fresh.filter(({ event }) => event.kind === 'extend');
    if (extended.length === 0) return;
    const days = await calendar.days(trx);
    for (const { clock, event } of extended) {
      const { dueOn } = compute(clock.events, clock.limit, days, shanghaiDay(time.now()));
      const until = dueOn ? `，到 ${dueOn} 届满` : '';
      const why = event.reason ? `，理由：${event.reason}` : '';
      const by = limitText(parseLimit(event.limit!)).zh;
      const text = `「${clock.title}」延长${by}${until}${why}，依据${event.basis}。`;
      await send(trx, row, `办件 ${row.number} 的期限延长`, text);
    }
  }

  async function send(trx: Knex.Transaction, row: ToldCase, title: string, body: string): Promise<void> {
    const to = row.institution_id ? { institutionId: row.institution_id } : { personId: row.starter };
    await messages.send(trx, { to, caseId: row.id, kind: 'clock', title, body, link: `/cases/${row.id}` });
  }
}
