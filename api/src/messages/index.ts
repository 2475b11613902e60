/** Messages inside the product, to a person or to everybody who acts for an institution; and by mail and text message. */
import type { Knex } from 'knex';
import { z } from 'zod';
import { MessagePage, type MessageRow } from '../../../contracts/api/index.ts';
import { defineRoute, invalidInput, notFound, type AnyRoute, type Core, type Who } from '../core/index.ts';
import { createOutgoing } from './outgoing.ts';

export { messageSettings } from './outgoing.ts';

export interface Message {
  to: { personId: string } | { institutionId: string };
  caseId?: string;
  /** What it is about: received, clock, served …; for switches and icons. */
  kind: string;
  title: string;
  body: string;
  en?: { title: string; body: string };
  /** Path of the page where it is handled. */
  link?: string;
}

export interface Messages {
  send(trx: Knex.Transaction, message: Message): Promise<void>;
  /** A text message to somebody without an account, by the office of the case; it leaves whatever the settings say. */
  sendText(trx: Knex.Transaction, message: { to: string; caseId: string; title: string; body: string }): Promise<void>;
  /** Sends what waits to leave the house. Run every minute; idle costs little. */
  tick(): Promise<void>;
  routes: AnyRoute[];
}

const UNREAD_CAP = 1000;
const FINDS = "position(? in lower(concat_ws(' ', message.title, message.body, c.number))) > 0";

export function createMessages(core: Core): Messages {
  const { db, time } = core;
  const outgoing = createOutgoing(core);

  /** A message to an institution is read as soon as one of its people has read it. */
  function own(who: Who): Knex.QueryBuilder {
    const institutions = who.institutions.map(({ id }) => id);
    return db('message').where((mine) =>
      mine.where('message.person_id', who.personId).orWhereIn('message.institution_id', institutions),
    );
  }

  return {
    tick: () => outgoing.pump(),
    sendText: outgoing.queueText,

    async send(trx, message) {
      const { to, caseId, kind, title, body, en, link } = message;
      const [{ id }] = await trx('message')
        .insert({
          person_id: 'personId' in to ? to.personId : null,
          institution_id: 'institutionId' in to ? to.institutionId : null,
          case_id: caseId,
          kind,
          title,
          body,
          en: en && JSON.stringify(en),
          link,
          at: time.now(),
        })
        .returning('id');
      await outgoing.queue(trx, id, message);
    },

    routes: [
      defineRoute({
        method: 'get',
        path: '/messages',
        title: { zh: '我的消息', en: 'My messages' },
        rights: { kind: 'signed-in' },
        query: z.object({
          state: z.enum(['unread', 'read']).optional(),
          /** Each word stands in the title, the text or the number of the case. */
          q: z.string().trim().max(100).default(''),
          after: z.string().max(80).optional(),
          limit: z.coerce.number().int().min(1).max(100).default(20),
        }),
        answer: MessagePage,
        async handle({ who, query: { state, q, after, limit } }) {
          const page = own(who)
            .leftJoin('case as c', 'c.id', 'message.case_id')
            .orderBy([
              { column: 'message.at', order: 'desc' },
              { column: 'message.position', order: 'desc' },
            ])
            .limit(limit + 1)
            .select('message.*', { case_number: 'c.number' });
          if (state) void page[state === 'unread' ? 'whereNull' : 'whereNotNull']('message.read_at');
          for (const word of q.toLowerCase().split(/\s+/).filter(Boolean)) void page.whereRaw(FINDS, [word]);
          if (after) void page.whereRaw('(message.at, message.position) < (?, ?)', keyOf(after));
          const unread = db
            .from(own(who).whereNull('read_at').limit(UNREAD_CAP).as('unread'))
            .count({ count: '*' })
            .first();
          const [rows, counted] = await Promise.all([page, unread]);
          const shown = rows.slice(0, limit);
          const last = shown.at(-1);
          return {
            rows: shown.map(messageOf),
            next: rows.length > limit ? `${last.at.toISOString()}_${last.position}` : null,
            unread: Number(counted?.count),
          };
        },
      }),
      defineRoute({
        method: 'post',
        path: '/messages/read',
        title: { zh: '消息全部已读', en: 'All messages were read' },
        rights: { kind: 'signed-in' },
        /** What came later than the newest one that was shown stays unread. */
        body: z.object({ until: z.iso.datetime() }),
        answer: z.object({ read: z.number().int() }),
        async handle({ who, body }) {
          const read = await own(who)
            .whereNull('read_at')
            .where('at', '<=', body.until)
            .update({ read_at: time.now() });
          return { read };
        },
      }),
      defineRoute({
        method: 'post',
        path: '/messages/:message/read',
        title: { zh: '消息已读', en: 'A message was read' },
        rights: { kind: 'object' },
        params: z.object({ message: z.uuid() }),
        answer: z.object({}),
        async handle({ who, params }) {
          const found = await own(who).where({ id: params.message }).first('id');
          if (!found) throw notFound();
          await own(who).where({ id: params.message }).whereNull('read_at').update({ read_at: time.now() });
          return {};
        },
      }),
    ],
  };
}

function keyOf(after: string): [string, string] {
  const [at = '', position = ''] = after.split('_');
  if (!z.iso.datetime().safeParse(at).success || !/^\d{1,18}$/.test(position))
    throw invalidInput({
      fields: [{ path: 'after', zh: '取上一页的 next', en: 'Take it from `next` of the page before' }],
    });
  return [at, position];
}

function messageOf(row: {
  id: string;
  kind: string;
  title: string;
  body: string;
  en: { title: string; body: string } | null;
  link: string | null;
  case_id: string | null;
  case_number: string | null;
  at: Date;
  read_at: Date | null;
}): MessageRow {
  const { id, kind, title, body, en, link, case_id: caseId, case_number: caseNumber, at, read_at } = row;
  const readAt = read_at?.toISOString() ?? null;
  return { id, kind, title, body, en, link, caseId, caseNumber, at: at.toISOString(), readAt };
}
