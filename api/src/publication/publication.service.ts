import type { Knex } from 'knex';
import type { PublicationList } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import { notFound, type Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';

export interface NewPublication {
  list: string;
  title: string;
  /** As people read them. */
  fields: { label: string; value: string }[];
  document?: { title: string; hash: string };
  /** Last day on which it counts as announced. */
  until?: string;
}

/** The step of a case that makes something public. */
export interface PublicationPlace {
  case: CaseRow;
  step: string;
  visit: number;
  thread: string;
}

export interface Publications {
  /** What the step made public before is replaced. @returns the entry's id */
  publish(trx: Knex.Transaction, place: PublicationPlace, entry: NewPublication): Promise<string>;
  /** Takes everything of a case from a list. @returns how many entries were there */
  takeBack(trx: Knex.Transaction, place: PublicationPlace, list: string, reason: string): Promise<number>;
  /** Takes one entry back by hand. @throws Problem not-found where it isn't public */
  withdraw(trx: Knex.Transaction, id: string, reason: string, by: string): Promise<void>;
}

export function createPublicationService(
  { time }: Pick<Core, 'time'>,
  { audit, lists }: { audit: Pick<Audit, 'write'>; lists: PublicationList[] },
): Publications {
  const titleOf = (list: string) => lists.find(({ id }) => id === list)?.zh ?? list;
  const open = { withdrawn_at: null, superseded_by: null };

  async function end(trx: Knex.Transaction, row: { id: string }, reason: string, by: string | null): Promise<void> {
    await trx('publication')
      .where({ id: row.id })
      .update({ withdrawn_at: time.now(), withdrawn_by: by, withdrawal_reason: reason });
  }

  return {
    async publish(trx, { case: row, step, visit, thread }, { list, title, fields, document, until }) {
      if (!lists.some(({ id }) => id === list)) throw new RangeError(`no publication list ${list}`);
      const office = await trx('office').where({ code: row.office }).first('name');
      const text = [title, ...fields.map(({ value }) => value)].join(' ');
      const [{ id }] = await trx('publication')
        .insert({
          ...{ list, title, step, thread, until: until ?? null, case_id: row.id },
          fields: JSON.stringify(fields),
          document_title: document?.title,
          document_hash: document?.hash,
          office: row.office,
          office_name: office.name,
          published_at: time.now(),
          words: trx.raw('bigrams(?)', [text]),
        })
        .returning('id');
      await trx('publication')
        .where({ case_id: row.id, step, thread, ...open })
        .whereNot({ id })
        .update({ superseded_by: id });
      await audit.write(trx, {
        caseId: row.id,
        action: 'publication.made',
        step,
        visit,
        detail: { title, addressee: titleOf(list), publication: id, ...(until && { dueOn: until }) },
      });
      return id;
    },

    async takeBack(trx, { case: row, step, visit }, list, reason) {
      const rows = await trx('publication')
        .where({ case_id: row.id, list, ...open })
        .select('id', 'title');
      for (const found of rows) {
        await end(trx, found, reason, null);
        const detail = { title: found.title, addressee: titleOf(list), reason };
        await audit.write(trx, { caseId: row.id, action: 'publication.withdrawn', step, visit, detail });
      }
      return rows.length;
    },

    async withdraw(trx, id, reason, by) {
      const row = await trx('publication')
        .where({ id, ...open })
        .forUpdate()
        .first();
      if (!row) throw notFound();
      await end(trx, row, reason, by);
      await audit.write(trx, {
        caseId: row.case_id,
        personId: by,
        action: 'publication.withdrawn',
        detail: { title: row.title, addressee: titleOf(row.list), reason },
      });
    },
  };
}
