/** Changes of a certificate's state: by a case, or from its card by one person or by two. */
import type { Knex } from 'knex';
import { z } from 'zod';
import type { CertificateChangeBody } from '../../../contracts/api/index.ts';
import { CHANGES, STATE_TITLES, type CertificateChange } from '../../../contracts/certificate-life.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import {
  invalidInput,
  notAllowed,
  notFound,
  Problem,
  problemKind,
  readSetting,
  shanghaiDay,
  type Core,
  type Setting,
  type Who,
} from '../core/index.ts';
import type { Documents, Serving } from '../documents/index.ts';
import type { CaseRow } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import { addEvent, type CertificateRow } from './certificates.repository.ts';
import { stateOf } from './certificates.service.ts';
import { CertificateLayout } from './layout.ts';

export const changedMeanwhile = problemKind(
  'certificate-changed',
  409,
  '证书状态刚被别人改过，看过现在的状态再办',
  'Somebody changed this certificate meanwhile; look at its state first',
);
export const wrongState = problemKind(
  'certificate-state',
  409,
  '证书现在的状态不能这样办',
  'Its state does not allow this',
);
export const sameEyes = problemKind(
  'same-eyes',
  403,
  '由另一人确认，提出的人不能确认自己提出的',
  'Somebody else has to confirm it',
);

/** True: a second person confirms every change from a card. */
export const FOUR_EYES: Setting<boolean> = {
  key: 'certificates.four-eyes',
  title: { zh: '证书变动须双人办理', en: 'Changes of certificates by two people' },
  help: {
    zh: '暂停、撤销、吊销、注销等由一人提出、另一人确认；默认由一人办理',
    en: 'Suspending, revoking and the like is proposed by one person and confirmed by another; by default one suffices',
  },
  schema: z.boolean(),
  fallback: false,
};
/** Where documents of a change stand in the file of the case that gave the certificate. */
const STEP = 'certificate-change';

export interface Change {
  certificateId: string;
  change: CertificateChange;
  ground: string;
  /** Law and article. */
  article: string;
  /** Last day of a suspension. */
  until: string | null;
  /** Case that decided it; null: from the card. */
  caseId: string | null;
  personId?: string;
  documentId?: string;
}

export interface ChangeDeps {
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
  documents: Pick<Documents, 'reserve' | 'make' | 'finish' | 'abandon' | 'current'>;
  serving: Pick<Serving, 'serve'>;
  current(flow: string): Promise<Release>;
  /** A file of the release below `templates/`. */
  template(release: Release, path: string): Promise<Buffer>;
}

/** What the layout of today says about changes, and the office that issued the certificate. */
export interface Declared {
  changes: CertificateLayout['changes'];
  /** Titles of the documents that changes make, by their ids. */
  titles: Record<string, string>;
  office: string | null;
}

export interface CertificateChanges {
  /**
   * Changes the state, in the transaction of a case or of the card.
   * @throws `certificate-state` where the state of today doesn't allow it
   */
  apply(trx: Knex.Transaction, change: Change): Promise<void>;
  /** Carries the change out, or leaves it to a second person where the setting asks for one. */
  ask(who: Who, certificateId: string, body: CertificateChangeBody): Promise<{ done: boolean }>;
  confirm(who: Who, certificateId: string, proposalId: string): Promise<void>;
  refuse(who: Who, certificateId: string, proposalId: string, reason: string): Promise<void>;
  /** Nothing may be changed from the card of a certificate without a case. */
  declared(row: CertificateRow): Promise<Declared>;
  mayChange(who: Who, row: CertificateRow, change: CertificateChange): Promise<boolean>;
  fourEyes(): Promise<boolean>;
}

interface ProposalRow {
  id: string;
  certificate_id: string;
  change: CertificateChange;
  ground: string;
  article: string;
  until: string | null;
  proposed_by: string;
}

export function createCertificateChanges(core: Core, deps: ChangeDeps): CertificateChanges {
  const { db, time } = core;

  async function locked(trx: Knex.Transaction, id: string): Promise<CertificateRow> {
    const row: CertificateRow | undefined = await trx('certificate')
      .where({ id })
      .whereNotIn('state', ['reserved', 'void'])
      .forUpdate()
      .first();
    if (!row) throw notFound();
    return row;
  }

  function assertState(row: CertificateRow, change: CertificateChange): void {
    const state = stateOf(row, shanghaiDay(time.now()));
    const { from, title } = CHANGES[change];
    if (!from.includes(state))
      throw wrongState({
        zh: `证书 ${row.number} ${STATE_TITLES[state].zh}，不能${title.zh}`,
        en: `Certificate ${row.number} is ${STATE_TITLES[state].en.toLowerCase()}; it cannot be changed so`,
        facts: { state },
      });
  }

  function assertUntil({ valid_to: validTo }: CertificateRow, change: CertificateChange, until: string | null): void {
    if (until === null) return;
    const wrong = (zh: string, en: string) => invalidInput({ fields: [{ path: 'until', zh, en }] });
    if (change !== 'suspend') throw wrong('只有暂停可以写截止日期', 'Only a suspension has a last day');
    if (until < shanghaiDay(time.now())) throw wrong('截止日期不能早于今天', 'The last day must not lie in the past');
    if (until > validTo) throw wrong(`截止日期不能晚于证书有效期 ${validTo}`, 'The last day lies after the expiry');
  }

  async function apply(trx: Knex.Transaction, change: Change): Promise<void> {
    const row = await locked(trx, change.certificateId);
    assertState(row, change.change);
    assertUntil(row, change.change, change.until);
    const { to, event, title } = CHANGES[change.change];
    const at = time.now();
    await trx('certificate')
      .where({ id: row.id })
      .update({
        state: to,
        suspended_until: to === 'suspended' ? change.until : null,
        edits: trx.raw('edits + 1'),
      });
    const { ground, article, until, caseId, personId, documentId } = change;
    await addEvent(trx, {
      certificateId: row.id,
      kind: event,
      at,
      caseId,
      personId,
      ground,
      article,
      detail: { ...(until && { until }), ...(documentId && { document: documentId }) },
    });
    const of = caseId ?? row.case_id;
    await deps.audit.write(trx, {
      ...(of && { caseId: of }),
      ...(personId && { personId }),
      action: `certificate.${event}`,
      detail: { title: row.data.kindTitle, number: row.number, version: row.version, reason: ground, article, until },
    });
    if (change.change === 'supersede') return;
    await deps.messages.send(trx, {
      to: { institutionId: row.institution_id },
      ...(of && { caseId: of }),
      kind: 'certificate',
      title: `证书 ${row.number} 已${title.zh}`,
      body: `${row.data.kindTitle} ${row.number}：${ground}（${article}）${until ? `，至 ${until}` : ''}。`,
      link: `/certificates/${row.id}`,
    });
  }

  async function declared(row: CertificateRow): Promise<Declared> {
    const of = row.case_id && (await db('case').where({ id: row.case_id }).first('flow', 'office'));
    const filed = await db('document')
      .where({ ref: `certificate:${row.id}` })
      .first('kind');
    if (!of || !filed) return { changes: {}, titles: {}, office: null };
    const release = await deps.current(of.flow);
    const template = release.package.documents[filed.kind]?.template;
    if (!template) return { changes: {}, titles: {}, office: of.office };
    const layout = CertificateLayout.parse(JSON.parse((await deps.template(release, template)).toString('utf8')));
    const titles = Object.entries(release.package.documents).map(([id, { title }]) => [id, title.zh]);
    return { changes: layout.changes, titles: Object.fromEntries(titles), office: of.office };
  }

  /** Whoever holds a role of the declaration at the office that issued it, or above it with the right to take tasks. */
  async function mayChange(who: Who, row: CertificateRow, change: CertificateChange): Promise<boolean> {
    const { changes, office } = await declared(row);
    const held = who.grants.filter(({ role }) => changes[change]?.roles.includes(role));
    if (held.some((grant) => grant.office === office)) return true;
    const above = held.filter(({ reach, mayTake }) => reach === 'tree' && mayTake).map((grant) => grant.office);
    if (above.length === 0) return false;
    return Boolean(await db('office_ancestor').where({ office }).whereIn('ancestor', above).first('office'));
  }

  async function assertMay(who: Who, row: CertificateRow, change: CertificateChange): Promise<void> {
    if (!(await mayChange(who, row, change)))
      throw notAllowed({
        zh: `您没有${CHANGES[change].title.zh}这份证书的岗位`,
        en: 'You hold no role that changes this certificate so',
      });
  }

  const fourEyes = () => readSetting(db, FOUR_EYES);

  async function found(certificateId: string): Promise<CertificateRow> {
    const row: CertificateRow | undefined = await db('certificate')
      .where({ id: certificateId })
      .whereNotIn('state', ['reserved', 'void'])
      .first();
    if (!row) throw notFound();
    return row;
  }

  async function proposalOf(trx: Knex, certificateId: string, id: string): Promise<ProposalRow> {
    const proposal: ProposalRow | undefined = await trx('certificate_change')
      .where({ id, certificate_id: certificateId, state: 'proposed' })
      .first();
    if (!proposal) throw changedMeanwhile();
    return proposal;
  }

  const end = (trx: Knex.Transaction, id: string, ended: { state: 'done' | 'refused'; by: string; reason?: string }) =>
    trx('certificate_change')
      .where({ id, state: 'proposed' })
      .update({ state: ended.state, ended_by: ended.by, ended_at: time.now(), reason: ended.reason ?? null });

  /** Makes the document, then changes the state and files and serves the document in one transaction. */
  async function carryOut(who: Who, row: CertificateRow, proposal: ProposalRow): Promise<void> {
    const document = await makeDocument(row, proposal);
    try {
      await db.transaction(async (trx) => {
        await locked(trx, row.id);
        await proposalOf(trx, row.id, proposal.id);
        if (document) await deps.documents.finish(trx, document.of, document.reserved, document.made);
        const { change, ground, article, until } = proposal;
        const common = { certificateId: row.id, change, ground, article, until, caseId: null, personId: who.personId };
        await apply(trx, { ...common, ...(document && { documentId: document.reserved.id }) });
        if (document) {
          const filed = await trx('document').where({ id: document.reserved.id }).first();
          await deps.serving.serve(trx, document.of, filed);
        }
        await end(trx, proposal.id, { state: 'done', by: who.personId });
      });
    } catch (error) {
      if (error instanceof Problem && error.code === 'certificate-state')
        await db.transaction(async (trx) => {
          await end(trx, proposal.id, { state: 'refused', by: who.personId, reason: error.zh });
          if (document) await deps.documents.abandon(trx, document.of, document.reserved, error.zh);
        });
      throw error;
    }
  }

  async function makeDocument(row: CertificateRow, proposal: ProposalRow) {
    const kind = (await declared(row)).changes[proposal.change]?.document;
    if (!kind) return null;
    const of: CaseRow = await db('case').where({ id: row.case_id }).first();
    const release = await deps.current(of.flow);
    const place = { case: of, release, step: STEP, visit: 1, kind };
    const ref = `certificate-change:${proposal.id}`;
    const reserved = await db.transaction((trx) => deps.documents.reserve(trx, place, ref));
    return { of: place, reserved, made: await deps.documents.make(place, reserved) };
  }

  return {
    apply,
    declared,
    mayChange,
    fourEyes,

    async ask(who, certificateId, { change, ground, article, until, edits }) {
      await assertMay(who, await found(certificateId), change);
      const two = await fourEyes();
      const proposal = await db.transaction(async (trx) => {
        const row = await locked(trx, certificateId);
        const open = await trx('certificate_change as o')
          .join('person as p', 'p.id', 'o.proposed_by')
          .where({ 'o.certificate_id': certificateId, 'o.state': 'proposed' })
          .first('p.name', 'o.change');
        if (open)
          throw changedMeanwhile({
            zh: `${open.name} 已提出${CHANGES[open.change as CertificateChange].title.zh}，办完再提`,
            en: `${open.name} has asked for a change already`,
          });
        if (row.edits !== edits) throw changedMeanwhile({ facts: await lastChange(trx, row.id) });
        assertState(row, change);
        assertUntil(row, change, until);
        const [made]: ProposalRow[] = await trx('certificate_change')
          .insert({
            certificate_id: certificateId,
            ...{ change, ground, article, until },
            proposed_by: who.personId,
            proposed_at: time.now(),
          })
          .returning('*');
        if (two)
          await deps.audit.write(trx, {
            ...(row.case_id && { caseId: row.case_id }),
            personId: who.personId,
            action: 'certificate.proposed',
            detail: { title: CHANGES[change].title.zh, number: row.number, reason: ground, article },
          });
        return made!;
      });
      if (two) return { done: false };
      await carryOut(who, await found(certificateId), proposal);
      return { done: true };
    },

    async confirm(who, certificateId, proposalId) {
      const row = await found(certificateId);
      const proposal = await proposalOf(db, certificateId, proposalId);
      await assertMay(who, row, proposal.change);
      if (proposal.proposed_by === who.personId && (await fourEyes())) throw sameEyes();
      await carryOut(who, row, proposal);
    },

    async refuse(who, certificateId, proposalId, reason) {
      const row = await found(certificateId);
      const proposal = await proposalOf(db, certificateId, proposalId);
      await assertMay(who, row, proposal.change);
      await db.transaction(async (trx) => {
        await locked(trx, row.id);
        if ((await end(trx, proposalId, { state: 'refused', by: who.personId, reason })) === 0)
          throw changedMeanwhile();
        await deps.audit.write(trx, {
          ...(row.case_id && { caseId: row.case_id }),
          personId: who.personId,
          action: 'certificate.proposal-refused',
          detail: { title: CHANGES[proposal.change].title.zh, number: row.number, reason },
        });
      });
    },
  };

  async function lastChange(trx: Knex.Transaction, certificateId: string): Promise<Record<string, unknown>> {
    const last = await trx('certificate_event as e')
      .leftJoin('person as p', 'p.id', 'e.person_id')
      .where({ 'e.certificate_id': certificateId })
      .orderBy('e.id', 'desc')
      .first('e.kind', 'e.at', 'p.name');
    return last ? { kind: last.kind, at: last.at.toISOString(), by: last.name } : {};
  }
}
