/** Absences: declared for oneself or by an administrator, never two that would name two deputies for one case. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { AbsenceBody, AbsencePeople, AbsenceRow } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import { invalidInput, notFound, shanghaiDay, type Core, type FieldProblem, type Who } from '../core/index.ts';
import type { Messages } from '../messages/index.ts';
import { ownOrAdministered } from '../rights/index.ts';
import { prefixOf } from './standing-in.ts';

export interface AbsenceDeps {
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  /** The newest release of each flow. */
  flows: { all(): Promise<Release[]> };
}

export interface Absences {
  /** Those that the caller may see; `person`: of that person only. */
  list(who: Who, person?: string): Promise<AbsenceRow[]>;
  declare(who: Who, body: z.infer<typeof AbsenceBody>): Promise<string>;
  end(who: Who, id: string): Promise<void>;
  /** Whose absence the caller may declare, or who may act meanwhile: those of the caller's office first. */
  people(who: Who, as: 'person' | 'deputy', q: string): Promise<z.infer<typeof AbsencePeople>>;
  flows(): Promise<{ id: string; title: string }[]>;
}

interface Absence {
  id: string;
  person_id: string;
  deputy_id: string;
  from_day: string;
  to_day: string;
  flows: string[] | null;
  divisions: string[] | null;
  note: string | null;
  declared_by: string;
  declared_at: Date;
  ended_at: Date | null;
}

type Named = Absence & { person: string; deputy: string; by: string; administered: boolean };

const MOST_PEOPLE = 50;
const MOST_ROWS = 500;

export function createAbsences(core: Pick<Core, 'db' | 'time'>, { audit, messages, flows }: AbsenceDeps): Absences {
  const { db, time } = core;

  return {
    async list(who, person) {
      const mine = db('person as p').modify(ownOrAdministered(who)).select('p.id');
      const rows: Named[] = await db('absence as a')
        .join('person as p', 'p.id', 'a.person_id')
        .join('person as d', 'd.id', 'a.deputy_id')
        .join('person as b', 'b.id', 'a.declared_by')
        .where((seen) => seen.whereIn('a.person_id', mine).orWhere('a.deputy_id', who.personId))
        .modify((query) => void (person && query.where('a.person_id', person)))
        .orderBy([
          { column: 'a.from_day', order: 'desc' },
          { column: 'a.id', order: 'desc' },
        ])
        .limit(MOST_ROWS)
        .select('a.*', { person: 'p.name', deputy: 'd.name', by: 'b.name' })
        .select({ administered: db.raw('a.person_id in (?)', [mine]) });
      const [titles, names, gaps] = await Promise.all([titlesOf(), divisionNames(rows), gapsOf(rows)]);
      return rows.map((row) => view(row, titles, names, gaps.get(row.id) ?? []));
    },

    declare: (who, body) =>
      db.transaction(async (trx) => {
        const today = shanghaiDay(time.now());
        const person = await administered(trx, who, body.person ?? who.personId);
        const deputy = await trx('person')
          .where({ id: body.deputy, kind: 'staff' })
          .whereNull('left_at')
          .first('id', 'name');
        const wrong: FieldProblem[] = [];
        if (!deputy) wrong.push({ path: 'deputy', zh: '没有这个人员', en: 'Nobody here' });
        else if (deputy.id === person.id)
          wrong.push({ path: 'deputy', zh: '代理人不能是本人', en: 'Somebody else has to act' });
        if (body.to < today) wrong.push({ path: 'to', zh: '已经过去，改为今天或以后', en: 'Past already' });
        wrong.push(...(await unknownPlaces(trx, body)));
        if (wrong.length > 0) throw invalidInput({ fields: wrong });
        await refuseOverlap(trx, person.id, body);
        const [{ id }] = await trx('absence')
          .insert({
            person_id: person.id,
            deputy_id: deputy.id,
            from_day: body.from,
            to_day: body.to,
            flows: body.flows,
            divisions: body.divisions,
            note: body.note || null,
            declared_by: who.personId,
            declared_at: time.now(),
          })
          .returning('id');
        await audit.write(trx, {
          personId: who.personId,
          action: 'absence.declared',
          detail: {
            title: person.name,
            addressee: deputy.name,
            from: body.from,
            dueOn: body.to,
            reason: body.note,
            absence: id,
          },
        });
        await tellDeputy(trx, deputy.id, person.name, body);
        await tellUncovered(trx, person, body);
        return id;
      }),

    async end(who, id) {
      await db.transaction(async (trx) => {
        const found = await trx('absence as a')
          .join('person as p', 'p.id', 'a.person_id')
          .join('person as d', 'd.id', 'a.deputy_id')
          .where('a.id', id)
          .whereNull('a.ended_at')
          .modify(ownOrAdministered(who))
          .forUpdate('a')
          .first('a.id', 'a.deputy_id', { person: 'p.name', deputy: 'd.name' });
        if (!found) throw notFound();
        await trx('absence').where({ id }).update({ ended_at: time.now() });
        const detail = { title: found.person, addressee: found.deputy, absence: id };
        await audit.write(trx, { personId: who.personId, action: 'absence.ended', detail });
        await messages.send(trx, {
          to: { personId: found.deputy_id },
          kind: 'absence',
          title: `${found.person}的外出代理已结束`,
          body: `您不再代${found.person}办理。`,
          en: { title: `You no longer act for ${found.person}`, body: 'The absence has ended.' },
          link: '/absences',
        });
      });
    },

    async people(who, as, q) {
      const query = db('person as p')
        .join('office as o', 'o.code', 'p.office')
        .where('p.kind', 'staff')
        .whereNull('p.left_at')
        .orderByRaw('p.office is distinct from (select office from person where id = ?), p.name', [who.personId])
        .limit(MOST_PEOPLE)
        .select('p.id', 'p.name', 'o.name as office');
      if (as === 'person') query.modify(ownOrAdministered(who));
      if (q) query.whereILike('p.name', `%${q.replace(/[\\%_]/g, (x) => `\\${x}`)}%`);
      return { people: await query };
    },

    flows: async () => [...(await titlesOf())].map(([id, title]) => ({ id, title })),
  };

  /** Locked, so that two absences of one person are compared one after the other. */
  async function administered(trx: Knex.Transaction, who: Who, id: string): Promise<{ id: string; name: string }> {
    const person = await trx('person as p')
      .where({ 'p.id': id, 'p.kind': 'staff' })
      .whereNull('p.left_at')
      .modify(ownOrAdministered(who))
      .forUpdate()
      .first('id', 'name');
    if (person) return person;
    const zh = '不是您能代为登记的人员';
    throw invalidInput({ fields: [{ path: 'person', zh, en: 'Not somebody you may declare this for' }] });
  }

  async function unknownPlaces(
    trx: Knex.Transaction,
    body: { flows: string[] | null; divisions: string[] | null },
  ): Promise<FieldProblem[]> {
    const titles = body.flows ? await titlesOf() : new Map();
    const known: string[] = await trx('division')
      .whereIn('code', body.divisions ?? [])
      .pluck('code');
    return [
      ...(body.flows ?? []).flatMap((id, i) =>
        titles.has(id) ? [] : { path: `flows/${i}`, zh: '没有这个事项', en: 'No such flow' },
      ),
      ...(body.divisions ?? []).flatMap((code, i) =>
        known.includes(code) ? [] : { path: `divisions/${i}`, zh: '没有这个区划', en: 'No such division' },
      ),
    ];
  }

  async function refuseOverlap(trx: Knex.Transaction, person: string, body: z.infer<typeof AbsenceBody>) {
    const others: Absence[] = await standing(trx).where({ person_id: person });
    const other = others.find(
      (one) =>
        overlap({ from: one.from_day, to: one.to_day }, body) &&
        share(one.flows, body.flows, (a, b) => a === b) &&
        share(one.divisions, body.divisions, within),
    );
    if (!other) return;
    const { name } = await trx('person').where({ id: other.deputy_id }).first('name');
    const days = `${other.from_day} 至 ${other.to_day}`;
    throw invalidInput({
      fields: [
        {
          path: 'from',
          zh: `${days} 已由${name}代理同样的事项，先结束那一条，或错开日期、事项、区划`,
          en: `${name} acts in the same cases ${other.from_day} to ${other.to_day}; end that first`,
        },
      ],
    });
  }

  /** Absences that were not ended and are not past. */
  function standing(on: Knex): Knex.QueryBuilder {
    return on('absence').whereNull('ended_at').where('to_day', '>=', shanghaiDay(time.now()));
  }

  async function tellDeputy(
    trx: Knex.Transaction,
    deputy: string,
    person: string,
    { from, to, note }: { from: string; to: string; note: string },
  ): Promise<void> {
    await messages.send(trx, {
      to: { personId: deputy },
      kind: 'absence',
      title: `请您代${person}办理：${from} 至 ${to}`,
      body: `${person}外出期间的待办也在您的待办里，办理时记为您代${person}。${note}`,
      en: { title: `You act for ${person} from ${from} to ${to}`, body: note },
      link: '/absences',
    });
  }

  /** Those for whom this person should act on the same days: nobody does then, and they hear it. */
  async function tellUncovered(
    trx: Knex.Transaction,
    person: { id: string; name: string },
    days: { from: string; to: string },
  ): Promise<void> {
    const relying: Absence[] = await standing(trx).where({ deputy_id: person.id });
    for (const { person_id, from_day: from, to_day: to } of relying.filter((one) =>
      overlap({ from: one.from_day, to: one.to_day }, days),
    ))
      await messages.send(trx, {
        to: { personId: person_id },
        kind: 'absence',
        title: `您的代理人${person.name}也将外出`,
        body: `您 ${from} 至 ${to} 外出，由${person.name}代理；${person.name} ${days.from} 至 ${days.to} 也外出，不再转由其代理人办理。需要时另选代理人。`,
        en: {
          title: `${person.name}, who acts for you, will be absent too`,
          body: `From ${days.from} to ${days.to}. Nobody else acts for you then; choose another deputy if needed.`,
        },
        link: '/absences',
      });
  }

  async function titlesOf(): Promise<Map<string, string>> {
    return new Map((await flows.all()).map(({ package: { flow } }) => [flow.id, flow.title.zh]));
  }

  async function divisionNames(rows: Absence[]): Promise<Map<string, string>> {
    const found: { code: string; name: string }[] = await db('division')
      .whereIn('code', [...new Set(rows.flatMap(({ divisions }) => divisions ?? []))])
      .select('code', 'name');
    return new Map(found.map(({ code, name }) => [code, name]));
  }

  async function gapsOf(rows: Absence[]): Promise<Map<string, { from: string; to: string }[]>> {
    const away: Absence[] = await standing(db).whereIn('person_id', [...new Set(rows.map((row) => row.deputy_id))]);
    const open = rows.filter(({ ended_at: ended }) => ended === null);
    return new Map(
      open.map((row) => [
        row.id,
        away
          .filter((one) => one.person_id === row.deputy_id)
          .map((one) => ({
            from: one.from_day > row.from_day ? one.from_day : row.from_day,
            to: one.to_day < row.to_day ? one.to_day : row.to_day,
          }))
          .filter(({ from, to }) => from <= to)
          .sort((a, b) => a.from.localeCompare(b.from)),
      ]),
    );
  }

  function view(
    row: Named,
    titles: Map<string, string>,
    names: Map<string, string>,
    gaps: { from: string; to: string }[],
  ): AbsenceRow {
    const today = shanghaiDay(time.now());
    const past = row.to_day < today;
    const state = row.ended_at ? 'ended' : past ? 'past' : row.from_day > today ? 'ahead' : 'now';
    return {
      id: row.id,
      person: { id: row.person_id, name: row.person },
      deputy: { id: row.deputy_id, name: row.deputy },
      from: row.from_day,
      to: row.to_day,
      flows: row.flows?.map((id) => ({ id, title: titles.get(id) ?? id })) ?? null,
      divisions: row.divisions?.map((code) => ({ code, name: names.get(code) ?? code })) ?? null,
      note: row.note,
      state,
      gaps,
      declaredBy: row.by,
      declaredAt: row.declared_at.toISOString(),
      mayEnd: row.administered && (state === 'now' || state === 'ahead'),
    };
  }
}

const overlap = (a: { from: string; to: string }, b: { from: string; to: string }): boolean =>
  a.from <= b.to && b.from <= a.to;

/** Whether two limits have something in common; null is no limit. */
function share(a: string[] | null, b: string[] | null, same: (x: string, y: string) => boolean): boolean {
  return a === null || b === null || a.some((x) => b.some((y) => same(x, y)));
}

/** Whether one division lies in the other. */
function within(a: string, b: string): boolean {
  const [x, y] = [prefixOf(a), prefixOf(b)];
  return x.startsWith(y) || y.startsWith(x);
}
