import type { Core } from '../core/index.ts';
import { hashOfAnchor } from './chain.ts';

/** A chain that a writer holds right now is left to the next anchor, so that nobody waits. */
const GROWN = `
  update audit_chain set anchored = sequence
  where chain in (
    select chain from audit_chain where sequence > anchored order by chain limit 5000 for update skip locked)
  returning chain, hash`;

export function createAnchor(core: Pick<Core, 'db' | 'time' | 'log'>) {
  return async (): Promise<string | null> => {
    const hash = await core.db.transaction(async (trx) => {
      await trx.raw(`select pg_advisory_xact_lock(hashtext('audit anchor'))`);
      const { rows } = await trx.raw<{ rows: { chain: string; hash: string }[] }>(GROWN);
      if (rows.length === 0) return null;
      const last = await trx('audit_anchor').orderBy('id', 'desc').first('hash');
      const anchor = {
        at: core.time.now(),
        heads: Object.fromEntries(rows.map((row) => [row.chain, row.hash])),
        previous: last?.hash ?? '',
      };
      const made = hashOfAnchor(anchor);
      await trx('audit_anchor').insert({ ...anchor, hash: made });
      return made;
    });
    // The log is kept elsewhere: whoever rewrites the whole database can't rewrite this.
    if (hash) core.log.info({ anchor: hash }, 'audit anchored');
    return hash;
  };
}
