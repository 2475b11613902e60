import type { Knex } from 'knex';
import type { Who } from '../core/index.ts';

/** Limits a query over `person as p` to the caller and the people of the offices that the caller administers. */
export const ownOrAdministered = (who: Who) => (query: Knex.QueryBuilder) => {
  const admin = who.grants.filter(({ role }) => role === 'admin');
  const trees = admin.filter(({ reach }) => reach === 'tree');
  void query.where((mine) =>
    mine
      .where('p.id', who.personId)
      .orWhereIn(
        'p.office',
        admin.map(({ office }) => office),
      )
      .orWhereRaw('p.office like any(?)', [trees.map(({ office }) => `${office}%`)]),
  );
};
