import { z } from 'zod';
import { AvoidanceBody, AvoidanceList, Made, type AvoidanceRow } from '../../../contracts/api/index.ts';
import type { Audit } from '../audit/index.ts';
import { defineRoute, invalidInput, notFound, type AnyRoute, type Core, type Who } from '../core/index.ts';
import { ownOrAdministered } from './administered.ts';

export interface AvoidanceDeps {
  audit: Pick<Audit, 'write'>;
  registers: {
    visible(who: Who, register: string, id: string): Promise<boolean>;
    find(register: string, id: string): Promise<{ fields: Record<string, unknown> } | null>;
  };
}

/** Declaring that somebody steps aside: for oneself, or by an administrator of the person's office. */
export function avoidanceRoutes(core: Pick<Core, 'db' | 'time'>, { audit, registers }: AvoidanceDeps): AnyRoute[] {
  const { db, time } = core;

  async function personOf(who: Who, id: string): Promise<{ id: string; name: string }> {
    const person = await db('person as p')
      .where('p.id', id)
      .where('p.kind', 'staff')
      .modify(ownOrAdministered(who))
      .first('id', 'name');
    if (!person)
      throw invalidInput({
        fields: [{ path: 'person', zh: '不是您能代为声明的人员', en: 'Not somebody you may declare this for' }],
      });
    return person;
  }

  /** Name of whom somebody stays away from. */
  async function nameOf(subject: { register: string; id: string } | undefined, other: string | undefined) {
    if (subject) return (await registers.find(subject.register, subject.id))?.fields.name;
    return (await db('person').where({ id: other }).first('name'))?.name;
  }

  async function rowOf(row: Record<string, never>): Promise<AvoidanceRow> {
    const { id, person_id, name, subject_register, subject_id, other_id, ground, from_day, to_day, by } = row;
    const subject = subject_id ? { register: subject_register, id: subject_id } : undefined;
    return {
      id,
      person: { id: person_id, name },
      from: String((await nameOf(subject, other_id)) ?? ''),
      ground,
      fromDay: from_day,
      toDay: to_day,
      declaredBy: by,
      declaredAt: (row.declared_at as Date).toISOString(),
    };
  }

  return [
    defineRoute({
      method: 'get',
      path: '/avoidances',
      title: { zh: '回避声明', en: 'Who steps aside from whom' },
      rights: { kind: 'staff' },
      answer: AvoidanceList,
      async handle({ who }) {
        const rows = await db('avoidance as a')
          .join('person as p', 'p.id', 'a.person_id')
          .join('person as d', 'd.id', 'a.declared_by')
          .whereNull('a.ended_at')
          .modify(ownOrAdministered(who))
          .orderBy('a.declared_at', 'desc')
          .limit(500)
          .select('a.*', 'p.name', { by: 'd.name' });
        return { rows: await Promise.all(rows.map(rowOf)) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/avoidances',
      title: { zh: '声明回避', en: 'Declare that somebody steps aside' },
      rights: { kind: 'staff' },
      body: AvoidanceBody,
      answer: Made,
      status: 201,
      async handle({ who, body: { person: id = who.personId, subject, other, ground, from, to } }) {
        const person = await personOf(who, id);
        const known = subject ? await registers.visible(who, subject.register, subject.id) : true;
        const name = known ? await nameOf(subject, other) : undefined;
        if (name === undefined)
          throw invalidInput({
            fields: [{ path: subject ? 'subject' : 'other', zh: '没有找到', en: 'Not found' }],
          });
        return db.transaction(async (trx) => {
          const [made] = await trx('avoidance')
            .insert({
              person_id: person.id,
              subject_register: subject?.register ?? null,
              subject_id: subject?.id ?? null,
              other_id: other ?? null,
              ground,
              from_day: from,
              to_day: to,
              declared_by: who.personId,
              declared_at: time.now(),
            })
            .returning('id');
          await audit.write(trx, {
            personId: who.personId,
            action: 'avoidance.declared',
            detail: { title: String(name), addressee: person.name, reason: ground, dueOn: to, avoidance: made.id },
          });
          return { id: made.id };
        });
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/avoidances/:avoidance',
      title: { zh: '结束回避', en: 'End that somebody steps aside' },
      rights: { kind: 'object' },
      params: z.object({ avoidance: z.uuid() }),
      answer: z.object({}),
      async handle({ who, params }) {
        await db.transaction(async (trx) => {
          const found = await trx('avoidance as a')
            .join('person as p', 'p.id', 'a.person_id')
            .where('a.id', params.avoidance)
            .whereNull('a.ended_at')
            .modify(ownOrAdministered(who))
            .forUpdate('a')
            .first('a.*', 'p.name');
          if (!found) throw notFound();
          await trx('avoidance').where({ id: found.id }).update({ ended_at: time.now() });
          const subject = found.subject_id ? { register: found.subject_register, id: found.subject_id } : undefined;
          await audit.write(trx, {
            personId: who.personId,
            action: 'avoidance.ended',
            detail: {
              title: String(await nameOf(subject, found.other_id)),
              addressee: found.name,
              avoidance: found.id,
            },
          });
        });
        return {};
      },
    }),
  ];
}
