import { grantsOf, STANDS_IN, standInsOf } from '../absence/index.ts';
import { shanghaiDay, type Core, type Who } from '../core/index.ts';

/** Asked with every request: each connection plans it once. */
const WHO = `
  select p.id, p.name, p.kind, a.login, ${grantsOf('p')} as grants,
    (select coalesce(json_agg(json_build_object('register', s.register, 'id', s.id, 'name', s.name, 'uscc', s.uscc) order by r.since, s.id), '[]')
     from representative r join register_subject s on s.register = r.register and s.id = r.entry
     where r.person_id = p.id and r.ended_at is null) as institutions,
    case p.kind when 'staff' then ${STANDS_IN} end as absent
  from account a join person p on p.id = a.person_id
  where a.login = ? and a.disabled_at is null and p.left_at is null`;

/** The person behind a login with the grants of this moment; null for somebody who left or was disabled. */
export async function readWho({ db, time }: Pick<Core, 'db' | 'time'>, login: string): Promise<Who | null> {
  const { rows } = await db.raw(WHO, [shanghaiDay(time.now()), login]).options({ name: 'who' });
  if (rows.length === 0) return null;
  const { id, absent, ...who } = rows[0];
  return { personId: id, ...who, ...(absent && { standsIn: standInsOf(absent) }) };
}
