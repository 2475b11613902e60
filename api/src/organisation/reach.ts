import type { Actor } from '../audit/index.ts';
import { notFound, type Who } from '../core/index.ts';

/** What an administrator administers: the offices of the grants of role `admin`, with those below for `tree`. */
export interface AdminReach {
  /** Throws `not-found` unless the office is administered; for `tree`, with all below it. */
  check(office: string, reach?: 'own' | 'tree'): Actor;
  /** The same for a person; applicants belong to no office and are administered at the root office's tree. */
  checkPerson(person: { office: string | null }): Actor;
  /** Codes for a query: exactly these, or beginning with these. */
  own: string[];
  trees: string[];
  everything: boolean;
}

export function reachOf(who: Who, rootOffice: string): AdminReach {
  const grants = who.grants.filter((grant) => grant.role === 'admin');
  const trees = grants.filter((grant) => grant.reach === 'tree').map((grant) => grant.office);
  const own = grants.map((grant) => grant.office);
  const actor = (office: string): Actor => ({ personId: who.personId, role: 'admin', office });

  function check(office: string, reach: 'own' | 'tree' = 'own'): Actor {
    const at = trees.find((tree) => office.startsWith(tree)) ?? own.find((code) => code === office && reach === 'own');
    if (at === undefined) throw notFound();
    return actor(at);
  }

  return {
    own,
    trees,
    everything: trees.includes(rootOffice),
    check,
    checkPerson: ({ office }) => check(office ?? rootOffice, office ? 'own' : 'tree'),
  };
}
