/** What stands around a case: its electronic file, who was told or follows it, what outside systems were sent. */
import type { CaseView } from '../../../contracts/api/index.ts';
import type { Core } from '../core/index.ts';
import type { CaseRow } from '../engine/index.ts';

interface Named {
  zh: string;
  en: string;
}

/** Titles of the outside systems and their messages. */
export type OutsideTitles = Record<string, { title: Named; messages: Record<string, { title: Named }> }>;

type Around = NonNullable<CaseView['around']>;

interface Found {
  archive: Around['archive'];
  copies: Around['copies'];
  watchers: string[];
  calls: (Pick<Around['calls'][number], 'id' | 'state' | 'at'> & { system: string; message: string })[];
}

/** In one round trip. Times come as the database writes them, with their offset. */
const AROUND = `select
  (select json_build_object('number', number, 'version', version, 'archivedAt', archived_at,
      'href', '/registers/' || register || '/' || subject_id || '#archive')
   from archive_file where case_id = :id and superseded_at is null) as archive,
  (select coalesce(json_agg(json_build_object('person', p.name, 'by', b.name, 'note', c.note, 'at', c.at,
      'read', c.read_at is not null) order by c.at, p.name), '[]')
   from task_copy c join person p on p.id = c.person_id join person b on b.id = c.by where c.case_id = :id) as copies,
  (select coalesce(json_agg(p.name order by w.at), '[]')
   from case_watch w join person p on p.id = w.person_id where w.case_id = :id) as watchers,
  (select coalesce(json_agg(json_build_object('id', id, 'system', system, 'message', message, 'state', state,
      'at', coalesce(answered_at, at)) order by at, id), '[]')
   from connector_call where case_id = :id) as calls`;

export async function aroundCase({ db }: Pick<Core, 'db'>, { id }: CaseRow, outside: OutsideTitles): Promise<Around> {
  const { rows } = await db.raw<{ rows: Found[] }>(AROUND, { id });
  const { archive, copies, watchers, calls } = rows[0]!;
  return {
    archive: archive && { ...archive, archivedAt: iso(archive.archivedAt) },
    copies: copies.map((copy) => ({ ...copy, at: iso(copy.at) })),
    watchers,
    calls: calls.map((call) => {
      const system = outside[call.system];
      return {
        ...call,
        at: iso(call.at),
        system: system?.title ?? same(call.system),
        message: system?.messages[call.message]?.title ?? same(call.message),
      };
    }),
  };
}

const iso = (at: string): string => new Date(at).toISOString();
const same = (name: string): Named => ({ zh: name, en: name });
