import type { Knex } from 'knex';
import { openDatabase } from './database.ts';

/** Reads for people who haven't signed in: as role `app_public`, which sees nothing of the office side. */
export interface PublicDatabase {
  read<T>(query: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** `url` is that of role `app_run`, a member of `app_public`. */
export function openPublicDatabase(url: string): PublicDatabase {
  const db = openDatabase(url, { max: 4 });
  return {
    read: (query) =>
      db.transaction(
        async (trx) => {
          await trx.raw(`set local role app_public; set local statement_timeout = '5s'`);
          return query(trx);
        },
        { readOnly: true },
      ),
    close: () => db.destroy(),
  };
}
