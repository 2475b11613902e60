/** Who else has a case or draft open: rows of all api copies, one per open page. */
import { randomUUID } from 'node:crypto';
import type { Presence } from '../../../contracts/api/index.ts';
import type { Core, Who } from '../core/index.ts';

export interface Presences {
  /** A page was opened; answers how to say that it is closed. */
  arrive(owner: string, personId: string): Promise<() => Promise<void>>;
  /** Says that the pages of this copy are still open, and drops those of a copy that is gone. */
  renew(): Promise<void>;
  /** All pages of this copy are closed. */
  close(): Promise<void>;
  /** Others of one's own side, who came first before. */
  others(who: Who, owner: string): Promise<Presence>;
}

/** Some beats of the heart of a copy. */
const GONE_AFTER = '75 seconds';
/** An opinion is saved while it is typed. */
const WRITING_MS = 120_000;

export function createPresence({ db, time }: Pick<Core, 'db' | 'time'>): Presences {
  const mine = new Map<string, { page: string; owner: string; person_id: string }>();

  return {
    async arrive(owner, personId) {
      const row = { page: randomUUID(), owner, person_id: personId };
      mine.set(row.page, row);
      await db('presence').insert(row);
      return async () => {
        if (mine.delete(row.page)) await db('presence').where({ page: row.page }).delete();
      };
    },

    async renew() {
      const now = db.raw('clock_timestamp()');
      const rows = [...mine.values()].map((row) => ({ ...row, seen_at: now }));
      if (rows.length > 0) await db('presence').insert(rows).onConflict('page').merge(['seen_at']);
      await db('presence').whereRaw('seen_at < clock_timestamp() - ?::interval', [GONE_AFTER]).delete();
    },

    async close() {
      const pages = [...mine.keys()];
      mine.clear();
      await db('presence').whereIn('page', pages).delete();
    },

    async others(who, owner) {
      const { rows } = await db.raw(
        `select p.name, extract(epoch from clock_timestamp() - h.since)::int as since, w.writes
         from (select person_id, min(since) as since from presence
               where owner = ? and person_id <> ? and seen_at > clock_timestamp() - ?::interval group by person_id) h
         join person p on p.id = h.person_id and p.kind = ?
         left join lateral (
           select json_build_object('taskId', t.id, 'stepName', t.name) as writes
           from opinion_draft o join task t on t.id = o.task_id
           where t.case_id = ? and t.ended_at is null and o.person_id = h.person_id and o.saved_at > ?
           order by o.saved_at desc limit 1) w on true
         order by h.since`,
        [owner, who.personId, GONE_AFTER, who.kind, owner, new Date(time.now().getTime() - WRITING_MS)],
      );
      return { people: rows };
    },
  };
}
