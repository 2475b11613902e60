/** How long drafts are kept: for ever, or so many days after they were last saved; those who write them are told before. */
import { z } from 'zod';
import { dayNumber, dayText } from '../../../contracts/days.ts';
import type { Release } from '../../../contracts/flow.ts';
import { readSetting, shanghaiDay, startOfDay, type Core, type Setting } from '../core/index.ts';
import type { Messages } from '../messages/index.ts';

export const KEPT_DAYS: Setting<number> = {
  key: 'drafts.kept-days',
  title: { zh: '草稿保留', en: 'Drafts are kept' },
  help: {
    zh: '最后一次保存几日后不再保留，之前 30 日发消息提醒；0 表示一直保留',
    en: 'Days after a draft was last saved when it ends; a message tells of it 30 days before; 0: kept for ever',
  },
  unit: { zh: '日', en: 'days' },
  schema: z.union([z.literal(0), z.int().min(60).max(3650)]),
  // What somebody typed is never lost unless the authority says for how long it is kept (PLT-2.3).
  fallback: 0,
};

/** Days before its end when those who write a draft are told. */
const TOLD_BEFORE = 30;
/** When the draft `d`, or a file of it, was last saved. */
export const SAVED_AT = `greatest(d.updated_at,
  (select max(v.updated_at) from form_version v where v.owner = d.id),
  (select max(m.uploaded_at) from material m where m.owner = d.id))`;

/** The last day on which a draft is kept, such as `2027-11-20`; null where it is kept for ever. */
export const lastDayOf = (savedAt: Date, days: number): string | null =>
  days > 0 ? dayText(dayNumber(shanghaiDay(savedAt)) + days) : null;

interface Ending {
  id: string;
  release_id: string;
  person_id: string;
  institution_id: string | null;
  saved_at: Date;
}

/** Ends what nobody has saved for so long, and tells of what ends soon. Run every minute; idle costs little. */
export function createKeeping(
  { db, time }: Pick<Core, 'db' | 'time'>,
  { messages, flows }: { messages: Pick<Messages, 'send'>; flows: { get(id: string): Promise<Release> } },
): () => Promise<void> {
  /** Open drafts that were last saved so many days ago. */
  function savedBefore(days: number) {
    const day = dayText(dayNumber(shanghaiDay(time.now())) - days);
    return db('draft as d')
      .where({ 'd.state': 'open' })
      .where('d.updated_at', '<', startOfDay(day))
      .whereRaw(`${SAVED_AT} < ?`, [startOfDay(day)]);
  }

  return async () => {
    const days = await readSetting(db, KEPT_DAYS);
    if (days === 0) return;
    await db('draft')
      .whereIn('id', savedBefore(days).select('d.id'))
      .update({ state: 'discarded', updated_at: time.now() });
    const ending: Ending[] = await savedBefore(days - TOLD_BEFORE)
      .whereRaw(
        `not exists (select from message t
          where t.kind = 'draft-ends' and t.link = '/applications/' || d.id and t.at >= ${SAVED_AT})`,
      )
      .limit(200)
      .select('d.*', db.raw(`${SAVED_AT} as saved_at`));
    for (const draft of ending) {
      const { title } = (await flows.get(draft.release_id)).package.flow;
      const day = lastDayOf(draft.saved_at, days)!;
      await db.transaction((trx) =>
        messages.send(trx, {
          to: draft.institution_id ? { institutionId: draft.institution_id } : { personId: draft.person_id },
          kind: 'draft-ends',
          title: `草稿「${title.zh}」保留到 ${day}`,
          body: `很久没有保存过。${day} 后不再保留；改动并保存一次，保留期重新算。`,
          en: {
            title: `The draft “${title.en}” is kept until ${day}`,
            body: `It has not been saved for long and ends after ${day}; saving a change keeps it anew.`,
          },
          link: `/applications/${draft.id}`,
        }),
      );
    }
  };
}
