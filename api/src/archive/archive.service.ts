import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import { problemKind, type Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { contentsOf } from './contents.ts';

export const archived = problemKind(
  'archived',
  409,
  '已归档，不能再改',
  'This was archived and cannot be changed any more',
);

export interface Archive {
  /**
   * Closes what the case has into the electronic file of its subject; the case's earlier file is superseded.
   * @throws RangeError where there is nothing to archive
   */
  close(
    trx: Knex.Transaction,
    of: { case: CaseRow; release: Release; number: string },
  ): Promise<{ version: number; items: number }>;
  /** @throws Problem `archived` where a document stands in a file in force */
  assertOpen(db: Knex, documentId: string): Promise<void>;
}

export function createArchiveService({ time }: Pick<Core, 'time'>): Archive {
  return {
    async close(trx, { case: row, release, number }) {
      await trx('case').where({ id: row.id }).forUpdate().first('id');
      const items = await contentsOf(trx, row.id, release);
      if (items.length === 0) throw new RangeError(`case ${row.number} has nothing to archive`);
      const now = time.now();
      const [earlier] = await trx('archive_file')
        .where({ case_id: row.id, superseded_at: null })
        .update({ superseded_at: now })
        .returning('version');
      const version = (earlier?.version ?? 0) + 1;
      const [{ id }] = await trx('archive_file')
        .insert({
          ...{ case_id: row.id, version, number, archived_at: now },
          ...{ register: row.subject_register, subject_id: row.subject_id, subject_name: row.subject_name },
        })
        .returning('id');
      await trx.batchInsert(
        'archive_item',
        items.map((item, position) => ({ ...item, position, archive_id: id })),
      );
      return { version, items: items.length };
    },

    async assertOpen(db, documentId) {
      const found = await db('archive_item as i')
        .join('archive_file as f', 'f.id', 'i.archive_id')
        .where({ 'i.ref': documentId, 'f.superseded_at': null })
        .first('f.id');
      if (found) throw archived();
    },
  };
}
