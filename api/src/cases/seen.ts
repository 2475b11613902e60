/** Who looked at a case when: what changed since the last look is told from it. */
import type { Core } from '../core/index.ts';
import { handedIn, type Baseline } from './changes.ts';

/** Opening a case again within so many minutes is the same look, unless something was handed in meanwhile. */
const ONE_LOOK_MINUTES = 30;

/** Notes that somebody looks at a case now. Answers what stood there when they looked before; null at the first look. */
export async function lookAt(core: Core, personId: string, caseId: string): Promise<Baseline | null> {
  const versions = await handedIn(core, caseId);
  const { rows } = await core.db.raw(
    `insert into case_seen as s (person_id, case_id, at, versions) values (:personId, :caseId, :at, :versions)
     on conflict (person_id, case_id) do update set
       (at, versions, before_at, before_versions) = (
         select excluded.at, excluded.versions,
           case when l.another then s.at else s.before_at end,
           case when l.another then s.versions else s.before_versions end
         from (select s.versions <> excluded.versions
                 or s.at < excluded.at - make_interval(mins => ${ONE_LOOK_MINUTES}) as another) l)
     returning before_at, before_versions`,
    { personId, caseId, at: core.time.now(), versions: JSON.stringify(versions) },
  );
  const [{ before_at: at, before_versions: before }] = rows;
  return at ? { at, versions: before } : null;
}
