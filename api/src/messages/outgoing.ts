/** Messages that leave the house beside those inside the product, on the channels that the case's office has set. */
import type { Knex } from 'knex';
import { z } from 'zod';
import { readSettings, type Core, type Setting } from '../core/index.ts';
import type { Message } from './index.ts';

export type Channel = 'mail' | 'sms';

/** Offices whose cases tell applicants on this channel too, they and those below. Codes are numbers: 52, 520102. */
const settingOf = (channel: Channel, zh: string, en: string): Setting<number[]> => ({
  key: `messages.${channel}`,
  title: { zh: `发${zh}的机关`, en: `Offices that send ${en}` },
  help: {
    zh: `机关代码。办件在这些机关或其下级机关的，给申请人的消息同时用${zh}发出；默认只在站内`,
    en: `Codes of offices. Their cases and those of offices below tell applicants by ${en} too; by default inside the product only`,
  },
  schema: z.array(z.int().min(10)),
  fallback: [],
});
const CHANNELS = {
  sms: settingOf('sms', '短信', 'text message'),
  mail: settingOf('mail', '邮件', 'mail'),
} as const satisfies Record<Channel, Setting<number[]>>;
export const messageSettings: Setting[] = Object.values(CHANNELS);

/** Tries of one message, and the minutes between the first two; each pause is twice the one before. */
const MOST_TRIES = 8;
const FIRST_PAUSE = 1;
/** Minutes for which a message belongs to whoever is sending it. */
const LEASE = 2;
/** Characters of a text message, as gateways take them. */
const SMS_LENGTH = 300;

export interface Outgoing {
  /** One row per channel and addressee, in the transaction of the message. Goes to applicants only. */
  queue(trx: Knex.Transaction, messageId: string, message: Message): Promise<void>;
  /** A text message to a mobile, of a case's office. */
  queueText(trx: Knex.Transaction, text: { to: string; caseId: string; title: string; body: string }): Promise<void>;
  /** Sends what is due. A gateway that doesn't answer ends the round; the rest waits for the next one. */
  pump(): Promise<void>;
}

interface OutgoingRow {
  id: string;
  channel: Channel;
  recipient: string;
  subject: string;
  body: string;
  tries: number;
}

export function createOutgoing({ db, time, outside, settings, log }: Core): Outgoing {
  async function officeOf(trx: Knex, caseId: string | undefined): Promise<string> {
    const of = caseId && (await trx('case').where({ id: caseId }).first('office'));
    return of ? of.office : settings.rootOffice;
  }

  async function nameOf(trx: Knex, office: string): Promise<string> {
    return (await trx('office').where({ code: office }).first('short_name'))?.short_name ?? '市场监管局';
  }

  function people(trx: Knex, { to }: Message): Knex.QueryBuilder {
    const applicants = trx('person as p').where({ 'p.kind': 'applicant' }).whereNull('p.left_at');
    if ('personId' in to) return applicants.where({ 'p.id': to.personId });
    return applicants
      .join('representative as r', 'r.person_id', 'p.id')
      .where({ 'r.entry': to.institutionId })
      .whereNull('r.ended_at');
  }

  async function claim(): Promise<OutgoingRow | undefined> {
    const next = db('outgoing')
      .where({ state: 'queued' })
      .whereRaw('next_at <= clock_timestamp()')
      .orderBy('next_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .select('id');
    const [row] = await db('outgoing')
      .where({ id: next })
      .update({ next_at: inMinutes(db, LEASE) })
      .returning('*');
    return row;
  }

  return {
    async queue(trx, messageId, message) {
      const [bySms, byMail] = await readSettings(trx, CHANNELS.sms, CHANNELS.mail);
      const offices = { sms: bySms, mail: byMail };
      if (offices.sms.length + offices.mail.length === 0) return;
      const office = await officeOf(trx, message.caseId);
      const channels = (['sms', 'mail'] as const).filter((channel) =>
        offices[channel].some((code) => office.startsWith(String(code))),
      );
      if (channels.length === 0) return;
      const from = await nameOf(trx, office);
      const text = `${message.title}：${message.body}`;
      const link = message.link ? `\n${settings.publicUrl}${message.link}` : '';
      const bodies: Record<Channel, string> = {
        sms: sms(from, text),
        mail: `${message.body}${link}`,
      };
      const rows = (await people(trx, message).select('p.mobile', 'p.email')).flatMap(
        (person: { mobile: string | null; email: string | null }) =>
          channels.flatMap((channel) => {
            const recipient = channel === 'sms' ? person.mobile : person.email;
            const row = { message_id: messageId, channel, subject: message.title, body: bodies[channel] };
            return recipient ? [{ ...row, recipient, made_at: time.now() }] : [];
          }),
      );
      if (rows.length > 0) await trx('outgoing').insert(rows);
    },

    async queueText(trx, { to, caseId, title, body }) {
      const text = sms(await nameOf(trx, await officeOf(trx, caseId)), `${title}：${body}`);
      await trx('outgoing').insert({ channel: 'sms', recipient: to, subject: title, body: text, made_at: time.now() });
    },

    async pump() {
      for (let row = await claim(); row; row = await claim()) {
        const { id, channel, recipient: to, subject, body: text, tries } = row;
        try {
          await outside.send({ channel, to, subject, text, key: id });
        } catch (error) {
          const reason = (error as Error).message;
          const state = tries + 1 < MOST_TRIES ? 'queued' : 'failed';
          await db('outgoing')
            .where({ id })
            .update({ state, tries: tries + 1, next_at: inMinutes(db, FIRST_PAUSE * 2 ** tries), last_error: reason });
          log.warn({ channel, tries: tries + 1, error: reason }, 'a message was not sent');
          return;
        }
        await db('outgoing')
          .where({ id })
          .update({ state: 'sent', tries: tries + 1, sent_at: time.now() });
      }
    },
  };
}

const sms = (from: string, text: string) => `【${from}】${text}`.slice(0, SMS_LENGTH);
const inMinutes = (db: Knex, minutes: number) => db.raw(`clock_timestamp() + make_interval(mins => ?)`, [minutes]);
