import { standingIn } from '../absence/index.ts';
import type { Core, Who } from '../core/index.ts';

const WHO = `
  select p.id, p.name, p.kind, a.login,
    (select coalesce(json_agg(json_build_object('role', g.role, 'office', g.office, 'reach', g.reach, 'mayTake', g.may_take)
       order by g.granted_at, g.id), '[]')
     from role_grant g where g.person_id = p.id and g.ended_at is null) as grants,
    (select coalesce(json_agg(json_build_object('register', s.register, 'id', s.id, 'name', s.name, 'uscc', s.uscc) order by r.since, s.id), '[]')
     from representative r join register_subject s on s.register = r.register and s.id = r.entry
     where r.person_id = p.id and r.ended_at is null) as institutions
  from account a join person p on p.id = a.person_id
  where a.login = ? and a.disabled_at is null and p.left_at is null`;

/** The person behind a login with the grants of this moment; null for somebody who left or was disabled. */
export async function readWho(core: Pick<Core, 'db' | 'time'>, login: string): Promise<Who | null> {
  const { rows } = await core.db.raw(WHO, [login]);
  if (rows.length === 0) return null;
  const { id, ...who } = rows[0];
  return { personId: id, ...who, ...(who.kind === 'staff' && { standsIn: await standingIn(core, id) }) };
}
