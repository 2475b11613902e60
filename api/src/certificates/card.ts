/** What the card of a certificate shows to a person: state now, versions, history, and what may be done. */
import type { CertificateCard } from '../../../contracts/api/index.ts';
import { CHANGES, EVENT_TITLES, STATE_TITLES, type CertificateChange } from '../../../contracts/certificate-life.ts';
import { shanghaiDay, type Core, type Who } from '../core/index.ts';
import { unopenedBy, versionsOf, type CertificateRow } from './certificates.repository.ts';
import { stateOf } from './certificates.service.ts';
import type { CertificateChanges } from './changes.service.ts';

/** Changes that a card may offer; a version is superseded by the next one only. */
const OFFERED = (Object.keys(CHANGES) as CertificateChange[]).filter((change) => change !== 'supersede');

export function createCard(
  { db, time }: Pick<Core, 'db' | 'time'>,
  changes: Pick<CertificateChanges, 'declared' | 'mayChange' | 'fourEyes'>,
) {
  return async (who: Who, row: CertificateRow): Promise<CertificateCard> => {
    const today = shanghaiDay(time.now());
    const state = stateOf(row, today);
    const [versions, subject, fourEyes, proposal, unopened] = await Promise.all([
      versionsOf(db, row),
      db('register_subject').where({ id: row.institution_id }).first('register'),
      changes.fourEyes(),
      proposalOf(who, row),
      unopenedBy(db, who, row),
    ]);
    return {
      id: row.id,
      number: row.number,
      version: row.version,
      kindTitle: row.data.kindTitle,
      state,
      stateTitle: STATE_TITLES[state],
      holder: {
        register: subject?.register ?? null,
        id: row.institution_id,
        name: row.holder_name,
        uscc: row.holder_uscc,
      },
      authority: row.data.authority,
      validFrom: row.valid_from,
      validTo: row.valid_to,
      suspendedUntil: row.suspended_until,
      digest: row.digest,
      edits: row.edits,
      href: `/api/v1/certificates/${row.id}/file`,
      publicHref: `/v/${row.number}/${row.version}/${row.token}`,
      unopened,
      annexes: row.data.annexes.map(({ id, title, rows }) => ({ id, title, rows: rows.length })),
      versions: versions.map((version) => ({
        id: version.id,
        version: version.version,
        state: stateOf(version, today),
        stateTitle: STATE_TITLES[stateOf(version, today)],
        issuedOn: version.valid_from,
        caseId: version.case_id,
        caseNumber: version.case_number,
      })),
      events: await eventsOf(row),
      proposal,
      actions: who.kind === 'staff' ? await actionsOf(who, row, proposal !== null) : [],
      fourEyes,
    };
  };

  async function actionsOf(who: Who, row: CertificateRow, waiting: boolean): Promise<CertificateCard['actions']> {
    const { changes: declared, titles, office } = await changes.declared(row);
    const state = stateOf(row, shanghaiDay(time.now()));
    const offered = OFFERED.filter((change) => declared[change] && CHANGES[change].from.includes(state));
    return Promise.all(
      offered.map(async (change) => {
        const { articles, document } = declared[change]!;
        const may = await changes.mayChange(who, row, change);
        const reason = !may
          ? { zh: `由发证机关（${office}）有权的岗位办理`, en: 'Done by those who may at the issuing office' }
          : waiting
            ? { zh: '已有一项变更等待确认', en: 'Another change waits to be confirmed' }
            : null;
        const { title } = CHANGES[change];
        return {
          change,
          title,
          enabled: reason === null,
          reason,
          articles,
          document: (document && titles[document]) ?? null,
        };
      }),
    );
  }

  async function proposalOf(who: Who, row: CertificateRow): Promise<CertificateCard['proposal']> {
    if (who.kind !== 'staff') return null;
    const open = await db('certificate_change as o')
      .join('person as p', 'p.id', 'o.proposed_by')
      .where({ 'o.certificate_id': row.id, 'o.state': 'proposed' })
      .first('o.*', 'p.name');
    if (!open) return null;
    const change = open.change as CertificateChange;
    const reason = !(await changes.mayChange(who, row, change))
      ? { zh: '您没有确认的岗位', en: 'You hold no role that confirms it' }
      : open.proposed_by === who.personId && (await changes.fourEyes())
        ? { zh: '由另一人确认', en: 'Somebody else confirms it' }
        : null;
    return {
      id: open.id,
      change,
      title: CHANGES[change].title,
      ground: open.ground,
      article: open.article,
      until: open.until,
      by: open.name,
      at: open.proposed_at.toISOString(),
      confirm: { enabled: reason === null, reason },
    };
  }

  async function eventsOf({ kind, number }: CertificateRow): Promise<CertificateCard['events']> {
    const rows = await db('certificate_event as e')
      .join('certificate as v', 'v.id', 'e.certificate_id')
      .leftJoin('case as c', 'c.id', 'e.case_id')
      .leftJoin('person as p', 'p.id', 'e.person_id')
      .joinRaw(`left join document d on d.id = (e.detail->>'document')::uuid`)
      .where({ 'v.kind': kind, 'v.number': number })
      .orderBy('e.id', 'desc')
      .select(
        'e.kind',
        'e.at',
        'e.ground',
        'e.basis',
        'e.detail',
        'e.case_id',
        'v.version',
        'c.number as case_number',
        'p.name as person',
        'd.id as document_id',
        'd.title as document_title',
        'd.number as document_number',
      );
    return rows.map((event) => ({
      kind: event.kind,
      title: EVENT_TITLES[event.kind] ?? { zh: event.kind, en: event.kind },
      version: event.version,
      at: event.at.toISOString(),
      ground: event.ground,
      article: event.basis,
      until: event.detail.until ?? null,
      person: event.person,
      caseId: event.case_id,
      caseNumber: event.case_number,
      document: event.document_id && {
        id: event.document_id,
        title: event.document_title,
        number: event.document_number,
        href: `/api/v1/documents/${event.document_id}/file`,
      },
    }));
  }
}
