import type { Knex } from 'knex';
import type { CertificateData } from '../../../contracts/certificate.ts';

/** How many rows of an annex come with the certificate, and per page of a search. */
export const ANNEX_PAGE = 50;

export type Annex = CertificateData['annexes'][number] & { total: number };

export interface PublishedCertificate {
  number: string;
  version: number;
  kind: string;
  /** Without the annexes, which may be long. */
  data: Omit<CertificateData, 'annexes'>;
  annexes: Annex[];
  digest: string;
  token: string;
  state: 'valid' | 'suspended' | 'superseded' | 'revoked' | 'forfeited' | 'recalled' | 'cancelled';
  valid_to: string;
  suspended_until: string | null;
}

const FIND = `
  select c.number, c.version, c.kind, c.data - 'annexes' as data, c.digest, c.token, c.state, c.valid_to, c.suspended_until,
    (select coalesce(jsonb_agg(jsonb_build_object(
       'id', a->'id', 'title', a->'title', 'columns', a->'columns', 'total', jsonb_array_length(a->'rows'),
       'rows', jsonb_path_query_array(a, ?::jsonpath)) order by n), '[]')
     from jsonb_array_elements(c.data->'annexes') with ordinality as annex(a, n)) as annexes
  from certificate c
  where c.number = ? and c.state not in ('reserved', 'void')`;

/** The version that was asked for, or the last one. */
export async function findPublished(
  db: Knex,
  number: string,
  version?: number,
): Promise<PublishedCertificate | undefined> {
  const values = [`$.rows[0 to ${ANNEX_PAGE - 1}]`, number];
  const { rows } =
    version === undefined
      ? await db.raw(`${FIND} order by c.version desc, c.issued_at desc limit 1`, values)
      : await db.raw(`${FIND} and c.version = ? limit 1`, [...values, version]);
  return rows[0];
}

export interface PublishedEvent {
  kind: string;
  version: number;
  at: Date;
  ground: string | null;
  basis: string | null;
}

/** What happened to all versions of a certificate, oldest first. */
export function eventsOf(db: Knex, kind: string, number: string): Promise<PublishedEvent[]> {
  return db('certificate_event as e')
    .join('certificate as c', 'c.id', 'e.certificate_id')
    .where({ 'c.kind': kind, 'c.number': number })
    .orderBy(['e.at', 'c.version'])
    .select('e.kind', 'c.version', 'e.at', 'e.ground', 'e.basis');
}

export interface PublishedVersion extends Pick<
  PublishedCertificate,
  'number' | 'version' | 'digest' | 'token' | 'state' | 'valid_to' | 'suspended_until'
> {
  issued_on: string;
}

/** All versions of a certificate, newest first. */
export function publishedVersions(db: Knex, kind: string, number: string): Promise<PublishedVersion[]> {
  return db('certificate')
    .where({ kind, number })
    .whereNotIn('state', ['reserved', 'void'])
    .orderBy('version', 'desc')
    .select(
      'number',
      'version',
      'digest',
      'token',
      'state',
      'valid_to',
      'suspended_until',
      db.raw(`data->>'issuedOn' as issued_on`),
    );
}

/** Rows of an annex in which each word occurs; `position` counts all rows from 1. */
export async function searchAnnex(
  db: Knex,
  of: { number: string; version: number; annex: string },
  { words, after }: { words: string[]; after: number },
): Promise<{ position: number; row: Record<string, string> }[]> {
  const { rows } = await db.raw(
    `select r.n::int as position, r.row from certificate c,
       jsonb_array_elements(c.data->'annexes') a, jsonb_array_elements(a->'rows') with ordinality as r(row, n)
     where c.number = ? and c.version = ? and c.state not in ('reserved', 'void') and a->>'id' = ? and r.n > ?
       and not exists (select from unnest(?::text[]) word
         where not exists (select from jsonb_each_text(r.row) cell where position(word in lower(cell.value)) > 0))
     order by r.n limit ?`,
    [of.number, of.version, of.annex, after, words, ANNEX_PAGE + 1],
  );
  return rows;
}
