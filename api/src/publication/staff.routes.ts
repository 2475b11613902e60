/** What the offices made public, and taking it back. */
import { z } from 'zod';
import { PublicationPage } from '../../../contracts/api/index.ts';
import type { PublicationList } from '../../../contracts/flow.ts';
import { defineRoute, notFound, type AnyRoute, type Core, type Who } from '../core/index.ts';
import { cut, pageQuery, paged } from './page.ts';
import type { Publications } from './publication.service.ts';

/** Heads of an office withdraw what it, or with `tree` an office below it, made public. */
const MAY_WITHDRAW = ['leader', 'admin'];

interface Row {
  id: string;
  list: string;
  title: string;
  case_id: string;
  case_number: string;
  office: string;
  office_name: string;
  published_at: Date;
  until: string | null;
  superseded_by: string | null;
  withdrawn_at: Date | null;
  withdrawn_by_name: string | null;
  withdrawal_reason: string | null;
}

export function staffRoutes(
  { db }: Pick<Core, 'db'>,
  { publications, lists }: { publications: Publications; lists: PublicationList[] },
): AnyRoute[] {
  const listOf = (id: string) => lists.find((list) => list.id === id) ?? { id, zh: id, en: id };

  const view = (who: Who, row: Row) => ({
    ...{ id: row.id, list: listOf(row.list), title: row.title, office: row.office_name, until: row.until },
    ...{ caseId: row.case_id, caseNumber: row.case_number, publishedAt: row.published_at.toISOString() },
    state: row.withdrawn_at ? ('withdrawn' as const) : row.superseded_by ? ('replaced' as const) : ('public' as const),
    withdrawal: row.withdrawn_at && {
      at: row.withdrawn_at.toISOString(),
      by: row.withdrawn_by_name,
      reason: row.withdrawal_reason ?? '',
    },
    mayWithdraw: !row.withdrawn_at && !row.superseded_by && mayWithdraw(who, row.office),
  });

  return [
    defineRoute({
      method: 'get',
      path: '/publications',
      title: { zh: '本机关公示公告', en: 'Announcements of the office' },
      rights: { kind: 'staff' },
      query: z.object(pageQuery),
      answer: PublicationPage,
      async handle({ who, query }) {
        const rows: Row[] = await paged(
          db('publication as p')
            .join('case as c', 'c.id', 'p.case_id')
            .leftJoin('person as w', 'w.id', 'p.withdrawn_by')
            .whereIn('p.office', officesBelow(who))
            .select('p.*', 'c.number as case_number', 'w.name as withdrawn_by_name'),
          query,
        );
        const { shown, next } = cut(rows);
        return { rows: shown.map((row) => view(who, row)), next };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/publications/:publication/withdraw',
      title: { zh: '撤下公示公告', en: 'Withdraw an announcement' },
      rights: { kind: 'role', roles: MAY_WITHDRAW },
      params: z.object({ publication: z.uuid() }),
      body: z.object({ reason: z.string().trim().min(1).max(1000) }),
      answer: z.object({}),
      async handle({ who, params: { publication: id }, body: { reason } }) {
        const row = await db('publication').where({ id }).first('office');
        if (!row || !mayWithdraw(who, row.office)) throw notFound();
        await db.transaction((trx) => publications.withdraw(trx, id, reason, who.personId));
        return {};
      },
    }),
  ];

  /** Offices where somebody holds a role, with those below where the role reaches there. */
  function officesBelow(who: Who) {
    const own = who.grants.map(({ office }) => office);
    const tree = who.grants.filter(({ reach }) => reach === 'tree').map(({ office }) => office);
    return db('office')
      .select('code')
      .whereIn('code', own)
      .orWhereIn('code', db('office_ancestor').select('office').whereIn('ancestor', tree));
  }
}

/** Codes of offices below begin with the code of the one above. */
function mayWithdraw(who: Who, office: string): boolean {
  return who.grants.some(
    (grant) =>
      MAY_WITHDRAW.includes(grant.role) &&
      (grant.office === office || (grant.reach === 'tree' && office.startsWith(grant.office))),
  );
}
