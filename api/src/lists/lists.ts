/** Cases that a person sent on, had a copy of, or watches: with where they are now. */
import type { Knex } from 'knex';
import type { CaseListPage, CaseListRow, ListCounts, ListFilter } from '../../../contracts/api/index.ts';
import { resultTitle, type Release } from '../../../contracts/flow.ts';
import { groupsOf, type Core, type Who } from '../core/index.ts';
import { after, and, casesFitting, type ListDays } from '../search/index.ts';

export interface ListsDeps {
  release(id: string): Promise<Release>;
  /** Limits a query over `"case" as c` to what a person may read. */
  caseScope(who: Who): (query: Knex.QueryBuilder) => void;
  /** Days that deadlines are filtered by. */
  days(): Promise<ListDays>;
}

export interface ListQuery extends ListFilter {
  after?: string;
  limit: number;
}

type ListOfCases = 'sent' | 'copied' | 'watched';

export interface CaseLists {
  page(who: Who, list: ListOfCases, query: ListQuery): Promise<CaseListPage>;
  counts(who: Who): Promise<ListCounts>;
}

const MOST = 1000;

/** Each row: id, case_id, at, why, person, note, unread. One `?`, or two, is the reader. */
const SOURCES: Record<ListOfCases, { sql: string; readers: number }> = {
  sent: {
    sql: `
      select 'started' as id, id as case_id, received_at as at, 'started' as why, null as person, null as note, false as unread
      from "case" where starter = ?
      union all
      select id::text, case_id, at, substr(action, 6), detail->>'to', detail->>'reason', false
      from audit where person_id = ? and action in ('task.transfer', 'task.delegate')`,
    readers: 2,
  },
  copied: {
    sql: `
      select t.task_id as id, t.case_id, t.at, 'copied' as why, p.name as person, t.note, t.read_at is null as unread
      from task_copy t join person p on p.id = t.by where t.person_id = ?`,
    readers: 1,
  },
  watched: {
    sql: `
      select 'watched' as id, case_id, at, 'watched' as why, null as person, null as note, false as unread
      from case_watch where person_id = ?`,
    readers: 1,
  },
};

interface Row {
  id: string;
  case_id: string;
  at: Date;
  why: CaseListRow['why'];
  person: string | null;
  note: string | null;
  unread: boolean;
  number: string;
  title: string;
  flow: string;
  subject_name: string;
  release_id: string;
  state: CaseListRow['caseState'];
  result: string | null;
  division_name: string | null;
}

interface OpenTask {
  case_id: string;
  name: string;
  due_on: string | null;
  holder: string;
}

export function createCaseLists({ db }: Pick<Core, 'db'>, deps: ListsDeps): CaseLists {
  return {
    async page(who, list, { after: place, limit, ...filter }) {
      const fits = and(
        casesFitting(filter, await deps.days(), { at: 'x.at' }),
        after(place, { at: 'x.at', id: 'x.case_id || x.id' }),
      );
      const found: Row[] = await listed(list, who)
        .leftJoin('division as d', 'd.code', 'c.division')
        .whereRaw(fits.sql, fits.values)
        .orderByRaw('x.at desc, (x.case_id || x.id)::text desc')
        .limit(limit + 1)
        .select('x.*', 'c.number', 'c.flow', 'c.title', 'c.subject_name', 'c.release_id', 'c.state', 'c.result')
        .select({ division_name: 'd.name' });
      const shown = found.slice(0, limit);
      const open = await openTasks(shown.map((row) => row.case_id));
      const rows = await Promise.all(shown.map((row) => view(row, open)));
      const last = found.length > limit ? shown.at(-1)! : null;
      return { rows, next: last && `${last.at.toISOString()}~${last.case_id}${last.id}` };
    },

    async counts(who) {
      const count = async (rows: Knex.QueryBuilder): Promise<number> => {
        const [{ n }] = await db.from(rows.limit(MOST).as('found')).select(db.raw('count(*)::int as n'));
        return n;
      };
      const going = (list: ListOfCases) => listed(list, who).whereNot('c.state', 'closed').distinct('c.id');
      const held = db('task').where({ holder: who.personId, state: 'open' }).whereNull('ended_at').select('id');
      const toSend = db('batch_item as i')
        .join('batch as b', 'b.id', 'i.batch_id')
        .where({ 'b.person_id': who.personId, 'i.state': 'held' })
        .select('i.task_id');
      const [mine, sent, copied, watched] = await Promise.all([
        count(db.from(held.union([toSend]).as('m')).select('*')),
        count(going('sent')),
        count(db('task_copy').where({ person_id: who.personId }).whereNull('read_at').select('task_id')),
        count(going('watched')),
      ]);
      return { mine, sent, copied, watched };
    },
  };

  /** What one did oneself is one's own; a watched case is listed as long as one may read it. */
  function listed(list: ListOfCases, who: Who): Knex.QueryBuilder {
    const { sql, readers } = SOURCES[list];
    const rows = db
      .from(db.raw(`(${sql}) as x`, Array<string>(readers).fill(who.personId)))
      .join('case as c', 'c.id', 'x.case_id');
    if (list !== 'watched') return rows;
    return rows.where((readable) => {
      deps.caseScope(who)(readable);
      readable.orWhereExists(
        db('task as t')
          .join('task_group as g', 'g.task_id', 't.id')
          .whereRaw('t.case_id = c.id and t.ended_at is null')
          .whereIn('g.grp', groupsOf(who))
          .select('t.id'),
      );
    });
  }

  /** With whoever has each, or the offices whose turn it is. */
  async function openTasks(cases: string[]): Promise<OpenTask[]> {
    return db('task as t')
      .leftJoin('person as p', 'p.id', 't.holder')
      .whereIn('t.case_id', cases)
      .whereNull('t.ended_at')
      .orderBy('t.entered_at')
      .select('t.case_id', 't.name', 't.due_on')
      .select({ holder: db.raw(`coalesce(p.name, (${OFFERED_TO}), '')`) });
  }

  async function view(row: Row, tasks: OpenTask[]): Promise<CaseListRow> {
    const release = await deps.release(row.release_id);
    const open = tasks.filter((task) => task.case_id === row.case_id);
    return {
      id: `${row.case_id}${row.id}`,
      caseId: row.case_id,
      number: row.number,
      title: row.title,
      subjectName: row.subject_name,
      flow: row.flow,
      flowTitle: release.package.flow.title.zh,
      divisionName: row.division_name,
      why: row.why,
      at: row.at.toISOString(),
      person: row.person,
      note: row.note,
      unread: row.unread,
      now: open.map(({ name, holder }) => ({ stepName: name, holder })),
      caseState: row.state,
      caseResult: resultTitle(release, row.result),
      dueOn: open.flatMap((task) => task.due_on ?? []).sort()[0] ?? null,
    };
  }
}

/** Offices, people and applicants to whom a task `t` is offered. */
const OFFERED_TO = `
  select string_agg(distinct coalesce(o.short_name, r.name, s.name), '、')
  from task_group g
  left join office o on o.code = split_part(g.grp, '@', 2)
  left join person r on g.grp = 'person:' || r.id
  left join register_subject s on g.grp = 'institution:' || s.id
  where g.task_id = t.id and g.grp not like '%*'`;
