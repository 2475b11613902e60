/** What an applicant has got from the authority: certificates as they stand, and documents that were served. */
import { z } from 'zod';
import { PaperPage, type PaperRow } from '../../../contracts/api/index.ts';
import { stateOf } from '../certificates/index.ts';
import { defineRoute, invalidInput, shanghaiDay, type AnyRoute, type Core, type Who } from '../core/index.ts';

const Search = z.object({
  /** Each word stands in the title, the number, the name of the holder or those of the case. */
  q: z.string().trim().max(100).default(''),
  kind: z.enum(['certificate', 'document']).optional(),
  after: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
type Search = z.infer<typeof Search>;

interface Found {
  kind: PaperRow['kind'];
  id: string;
  title: string;
  number: string | null;
  version: number;
  holder: string;
  at: Date;
  state: Parameters<typeof stateOf>[0]['state'] | null;
  valid_to: string | null;
  suspended_until: string | null;
  superseded: boolean;
  token: string | null;
  case_id: string | null;
  case_number: string | null;
  case_title: string | null;
}

export function paperRoutes(core: Pick<Core, 'db' | 'time'>): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/papers',
      title: { zh: '我的证照与文书', en: 'My certificates and documents' },
      rights: { kind: 'applicant' },
      query: Search,
      answer: PaperPage,
      handle: ({ who, query }) => find(core, who, query),
    }),
  ];
}

/**
 * Nothing is listed before its service on the reader took effect. A certificate that is served is a document of its case
 * with the same number: it stands here once, as the certificate.
 */
const PAPERS = `
  select 'certificate' as kind, k.id, k.data->>'kindTitle' as title, k.number, k.version, k.holder_name as holder,
    k.issued_at as at, k.state, k.valid_to, k.suspended_until, false as superseded, k.token, k.case_id
  from certificate k
  where k.institution_id = any(:institutions) and k.state not in ('reserved', 'void') and k.issued_at is not null
    and not exists (select from document d where d.case_id = k.case_id and d.number = k.number and d.state <> 'void'
      and not exists (select from service s where s.document_id = d.id and s.served_at <= :now))
  union all
  select 'document', d.id, d.title, d.number, d.version, min(s.addressee), min(s.served_at),
    null, null, null, d.state = 'superseded', null, d.case_id
  from service s join document d on d.id = s.document_id join "case" c on c.id = d.case_id
  where (s.institution_id = any(:institutions) or s.person_id = :person or s.addressee_key = 'applicant'
    and (c.institution_id = any(:institutions) or c.starter = :person)) and s.served_at <= :now and d.state <> 'void'
    and not exists (select from certificate k where k.case_id = d.case_id and k.number = d.number
      and k.state not in ('reserved', 'void'))
  group by d.id`;

async function find({ db, time }: Pick<Core, 'db' | 'time'>, who: Who, { q, kind, after, limit }: Search) {
  const now = time.now();
  const scope = { institutions: who.institutions.map(({ id }) => id), person: who.personId, now };
  const query = db
    .from(db.raw(`(${PAPERS}) as p`, scope))
    .leftJoin('case as c', 'c.id', 'p.case_id')
    .orderBy([
      { column: 'p.at', order: 'desc' },
      { column: 'p.id', order: 'desc' },
    ])
    .limit(limit + 1)
    .select('p.*', { case_number: 'c.number', case_title: 'c.title' });
  if (kind) void query.where('p.kind', kind);
  for (const word of q.toLowerCase().split(/\s+/).filter(Boolean))
    void query.whereRaw("position(? in lower(concat_ws(' ', p.title, p.number, p.holder, c.number, c.title))) > 0", [
      word,
    ]);
  if (after) void query.whereRaw('(p.at, p.id) < (?::timestamptz, ?::uuid)', placeOf(after));
  const found = (await query) as Found[];
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1)! : null;
  return {
    rows: shown.map((row) => paperOf(row, shanghaiDay(now))),
    next: last ? `${last.at.toISOString()}_${last.id}` : null,
  };
}

function placeOf(after: string): [string, string] {
  const [at = '', id = ''] = after.split('_');
  if (!z.iso.datetime().safeParse(at).success || !z.uuid().safeParse(id).success)
    throw invalidInput({
      fields: [{ path: 'after', zh: '取上一页的 next', en: 'Take it from `next` of the page before' }],
    });
  return [at, id];
}

function paperOf(row: Found, today: string): PaperRow {
  const { kind, id, title, number, version, holder, at, valid_to, suspended_until } = row;
  const of = kind === 'certificate' ? 'certificates' : 'documents';
  return {
    ...{ kind, id, title, number, version, holder, at: at.toISOString() },
    case: row.case_id ? { id: row.case_id, number: row.case_number!, title: row.case_title! } : null,
    state: row.state && valid_to ? stateOf({ state: row.state, valid_to, suspended_until }, today) : null,
    validTo: valid_to,
    superseded: row.superseded,
    href: `/api/v1/${of}/${id}/file`,
    publicHref: row.token ? `/v/${number}/${version}/${row.token}` : null,
  };
}
