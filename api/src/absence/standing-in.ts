/** For whom a person acts today because they are absent. */
import type { Knex } from 'knex';
import { covers, groupsOf, shanghaiDay, type Core, type Grant, type Place, type StandIn } from '../core/index.ts';

/** The grants of the person with this alias, as JSON. */
export const grantsOf = (person: string): string => `(
  select coalesce(json_agg(json_build_object('role', g.role, 'office', g.office, 'reach', g.reach, 'mayTake', g.may_take)
    order by g.granted_at, g.id), '[]')
  from role_grant g where g.person_id = ${person}.id and g.ended_at is null)`;

/**
 * For whom person `p` acts on a day, which is bound, as JSON for `standInsOf`. One step only: a deputy who is absent too
 * has nobody act in the place of those whom they stand in for.
 */
export const STANDS_IN = `(
  select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name, 'flows', a.flows, 'divisions', a.divisions,
    'grants', ${grantsOf('o')}) order by a.declared_at, a.id), '[]')
  from absence a join person o on o.id = a.person_id
  where a.deputy_id = p.id and a.ended_at is null and ?::date between a.from_day and a.to_day and o.left_at is null)`;

interface Absent {
  id: string;
  name: string;
  flows: string[] | null;
  divisions: string[] | null;
  grants: Grant[];
}

export const standInsOf = (absent: Absent[]): StandIn[] =>
  absent.map(({ id, name, flows, divisions, grants }) => ({
    person: { id, name },
    grants,
    groups: groupsOf({ personId: id, grants, institutions: [] }),
    flows,
    divisions: divisions?.map(prefixOf) ?? null,
  }));

export async function standingIn(
  { db, time }: Pick<Core, 'db' | 'time'>,
  personId: string,
  on: Knex = db,
): Promise<StandIn[]> {
  const { rows } = await on.raw(`select ${STANDS_IN} as absent from person p where p.id = ?`, [
    shanghaiDay(time.now()),
    personId,
  ]);
  return standInsOf(rows[0]?.absent ?? []);
}

export interface Deputy {
  id: string;
  name: string;
  /** Last day of the absence. */
  until: string;
}

/** Who acts in a case today for those of these people who are absent. */
export async function deputiesOf(
  { db, time }: Pick<Core, 'db' | 'time'>,
  people: string[],
  place: Place,
  on: Knex = db,
): Promise<Map<string, Deputy>> {
  const today = shanghaiDay(time.now());
  const rows: (Deputy & Pick<StandIn, 'flows' | 'divisions'> & { absent: string })[] = await on('absence as a')
    .join('person as d', 'd.id', 'a.deputy_id')
    .whereIn('a.person_id', people)
    .whereNull('a.ended_at')
    .where('a.from_day', '<=', today)
    .where('a.to_day', '>=', today)
    .select('d.id', 'd.name', 'a.flows', 'a.divisions', { absent: 'a.person_id', until: 'a.to_day' });
  return new Map(
    rows
      .filter(({ flows, divisions }) => covers({ flows, divisions: divisions?.map(prefixOf) ?? null }, place))
      .map(({ absent, id, name, until }) => [absent, { id, name, until }]),
  );
}

/** The code of a province or city ends in zeros; what lies below it begins with the rest. */
export const prefixOf = (division: string): string => division.replace(/(?:00)+$/, '');
