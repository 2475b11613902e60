/** Signatures by hand on documents: asked for by officers, given once through a link, kept with their circumstances. */
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import QRCode from 'qrcode';
import type { SignBody, SigningAsked, SigningPage, Signings, SigningView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import { notFound, readSetting, type Core, type Who } from '../core/index.ts';
import type { DocumentRow } from '../documents/index.ts';
import { waitingVisits, type CaseRow, type Commands, type EventReader } from '../engine/index.ts';
import type { Messages } from '../messages/index.ts';
import { findWords, type Ink } from '../signatures/index.ts';
import { inkOf } from './ink.ts';
import { documentChanged, linkOver, noPlace } from './problems.ts';
import {
  hashNow,
  hashOf,
  placeOf,
  placesOf,
  stateOf,
  viewOf,
  type Recipient,
  type RequestRow,
  type SigningRow,
} from './rows.ts';
import { LINK_MINUTES, SENT_LINK_HOURS } from './settings.ts';

const TOKEN_BYTES = 24;

export interface SigningDeps {
  messages: Pick<Messages, 'send' | 'sendText'>;
  commands: Pick<Commands, 'add'>;
  audit: Pick<Audit, 'write'>;
  release(id: string): Promise<Release>;
  mayReadCase(who: Who, row: CaseRow): Promise<boolean>;
  mayServe(who: Who, row: CaseRow): Promise<boolean>;
  /** @throws Problem where the document was archived */
  assertOpen(db: Knex, documentId: string): Promise<void>;
  /** Puts the handwriting over the words of a place and signs the file under the signer's name. */
  sign(
    pdf: Buffer,
    by: { keyId: string; name: string; reason: string; at: Date; ink: Ink; place: string },
  ): Promise<Buffer>;
}

/** A step of a flow that asks for a signature. */
export interface SigningRequest {
  case: CaseRow;
  release: Release;
  step: string;
  visit: number;
  thread: string;
  /** Activity instance of the step. */
  sender: string;
  document: DocumentRow;
  place: string;
  /** Each gets a link; who signs first has signed. */
  signers: { name: string; recipient: Recipient }[];
  /** The receive step that waits for the signature. */
  answerStep?: string;
}

export interface Signing {
  /** Sends each signer a link; links that the step's thread sent before end. Nothing is sent where it was signed. */
  request(trx: Knex.Transaction, asked: SigningRequest): Promise<void>;
  /** @throws Problem `no-place` where the document does not have it */
  assertPlace(release: Release, document: DocumentRow, place: string): Promise<void>;
  /** A receive step that was entered after the signature was given goes on. */
  reader: EventReader;
  /** Sends the link of a flow's request anew; the one before ends. */
  renew(who: Who, id: string): Promise<SigningView>;
  list(who: Who, documentId: string): Promise<Signings>;
  ask(who: Who, documentId: string, body: { place: string; signer: string }): Promise<SigningAsked>;
  find(who: Who, id: string): Promise<SigningView>;
  cancel(who: Who, id: string): Promise<SigningView>;
  /** What a link shows. @throws Problem `link-over` when it can no longer be used */
  page(token: string): Promise<SigningPage>;
  file(token: string): Promise<{ bytes: Buffer; name: string }>;
  sign(token: string, body: SignBody, from: { ip: string; agent: string }): Promise<{ signedAt: string; hash: string }>;
}

export function createSigningService(core: Core, deps: SigningDeps): Signing {
  const { db, time } = core;

  return {
    async assertPlace(release, document, place) {
      if (await isSigned(db, document.id, place)) return;
      if (!(await placesOn(release, document)).some(({ id }) => id === place)) throw noPlace();
    },

    async request(trx, { case: row, release, step, visit, thread, sender, document, place, signers, answerStep }) {
      await trx('case').where({ id: row.id }).forUpdate().first('id');
      const earlier = trx('signing_request').where({ case_id: row.id, step, thread }).select('id');
      await trx('signing').whereIn('request_id', earlier).modify(unused).update({ cancelled_at: time.now() });
      const [{ id: requestId }] = await trx('signing_request')
        .insert({
          ...{ case_id: row.id, step, visit, thread, sender, document_id: document.id, place },
          ...{ answer_step: answerStep ?? null, at: time.now() },
        })
        .returning('id');
      if (await isSigned(trx, document.id, place)) return;
      for (const { name, recipient } of signers)
        await sendLink(trx, { document, row, release, place, signer: name, recipient, requestId });
    },

    async reader(trx, { case: row, release, changes }) {
      const entered = changes.filter(({ kind, step }) => kind === 'entered' && isReceive(release, step));
      for (const step of new Set(entered.map((change) => change.step)))
        await goOn(trx, { caseId: row.id, release, step }, (last) => isSigned(trx, last.document_id, last.place));
    },

    async list(who, documentId) {
      const { document, row, release } = await open(who, documentId);
      const rows: SigningRow[] = await db('signing').where({ document_id: documentId }).orderBy('asked_at');
      const { name } = await db('person').where({ id: row.starter }).first('name');
      return {
        places: (await placesOn(release, document)).map(({ id, title }) => ({ id, title, signer: name })),
        signings: rows.map((one) => viewOf(one, release, document, time.now())),
        may: await deps.mayServe(who, row),
      };
    },

    async ask(who, documentId, { place, signer }) {
      const { document, row, release } = await open(who, documentId);
      if (!(await deps.mayServe(who, row))) throw notFound();
      await deps.assertOpen(db, documentId);
      if (!(await placesOn(release, document)).some(({ id }) => id === place)) throw noPlace();
      const expiresAt = new Date(time.now().getTime() + (await readSetting(db, LINK_MINUTES)) * 60_000);
      const { id, path } = await db.transaction(async (trx) => {
        await trx('case').where({ id: row.id }).forUpdate().first('id');
        return insert(trx, document, { place, signer, expiresAt, askedBy: who.personId });
      });
      const url = core.settings.publicUrl + path;
      const qr = await QRCode.toString(`${url}?qr`, { type: 'svg', margin: 1 });
      return { id, url, qr, expiresAt: expiresAt.toISOString() };
    },

    async find(who, id) {
      const { signing, document, release } = await known(who, id);
      return viewOf(signing, release, document, time.now());
    },

    async cancel(who, id) {
      const { signing, document, row, release } = await known(who, id);
      if (!(await deps.mayServe(who, row))) throw notFound();
      const at = time.now();
      const cancelled = await db('signing')
        .where({ id })
        .whereNull('signed_at')
        .whereNull('cancelled_at')
        .update({ cancelled_at: at });
      if (cancelled === 0) throw linkOver();
      return viewOf({ ...signing, cancelled_at: at }, release, document, time.now());
    },

    async renew(who, id) {
      const { signing, document, row, release } = await known(who, id);
      if (!(await deps.mayServe(who, row))) throw notFound();
      if (!signing.recipient) throw linkOver();
      await deps.assertOpen(db, document.id);
      const renewed = await db.transaction(async (trx) => {
        await trx('case').where({ id: row.id }).forUpdate().first('id');
        if (await isSigned(trx, document.id, signing.place)) throw noPlace();
        await trx('signing').where({ id }).modify(unused).update({ cancelled_at: time.now() });
        const { place, signer, recipient, request_id: requestId } = signing;
        const sent = { document, row, release, place, signer, requestId, recipient: recipient! };
        const made = await sendLink(trx, { ...sent, askedBy: who.personId });
        return trx('signing').where({ id: made }).first();
      });
      return viewOf(renewed, release, document, time.now());
    },

    async page(token) {
      const { signing, document, row, release } = await byToken(token);
      const { name } = await db('office').where({ code: row.office }).first('name');
      return {
        title: document.title,
        number: document.number,
        office: name,
        signer: signing.signer,
        placeTitle: placeOf(release, document.kind, signing.place).title,
        hash: signing.document_hash,
        expiresAt: signing.expires_at.toISOString(),
      };
    },

    async file(token) {
      const { signing, document } = await byToken(token);
      const name = [document.title, document.number].filter(Boolean).join(' ');
      return { bytes: await core.files.get(signing.document_hash), name: `${name}.pdf` };
    },

    async sign(token, { picture, means, through, hash }, { ip, agent }) {
      const { signing, document, row, release } = await byToken(token);
      if (hash !== signing.document_hash) throw documentChanged();
      const png = Buffer.from(picture, 'base64');
      const ink = inkOf(png);
      const at = time.now();
      const { place, title } = placeOf(release, document.kind, signing.place);
      const signed = await deps.sign(await core.files.get(signing.document_hash), {
        keyId: `signing:${signing.id}`,
        name: signing.signer,
        reason: `${document.title} ${title.zh}`,
        at,
        ink,
        place,
      });
      const [kept, shown] = [await core.files.put(signed), await core.files.put(png)];
      await db.transaction(async (trx) => {
        await trx('case').where({ id: row.id }).forUpdate().first('id');
        await deps.assertOpen(trx, document.id);
        const current = (document.signed_hash ? 'signed_hash' : 'file_hash') as 'signed_hash' | 'file_hash';
        const put = await trx('document')
          .where({ id: document.id, [current]: signing.document_hash })
          .whereIn('state', ['made', 'sealed', 'served'])
          .update({ signed_hash: kept.hash });
        if (put === 0) throw documentChanged();
        const used = await trx('signing')
          .where({ id: signing.id })
          .whereNull('signed_at')
          .whereNull('cancelled_at')
          .update({ signed_at: at, means, through, ip, agent, picture_hash: shown.hash, signed_hash: kept.hash });
        if (used === 0) throw linkOver();
        await record(trx, document, 'document.signed', signing.signer, {
          hash: signing.document_hash,
          ip,
          means,
          through,
        });
        const answers = await trx('signing_request')
          .where({ document_id: document.id, place: signing.place })
          .whereNotNull('answer_step')
          .distinct('answer_step');
        for (const { answer_step: step } of answers)
          await goOn(
            trx,
            { caseId: row.id, release, step },
            async (last) => last.document_id === document.id && last.place === signing.place,
          );
      });
      return { signedAt: at.toISOString(), hash: kept.hash };
    },
  };

  async function isSigned(db: Knex, documentId: string, place: string): Promise<boolean> {
    const signed = await db('signing').where({ document_id: documentId, place }).whereNotNull('signed_at').first('id');
    return signed !== undefined;
  }

  /** The token itself is only in the link. */
  async function insert(
    trx: Knex.Transaction,
    document: DocumentRow,
    link: {
      place: string;
      signer: string;
      expiresAt: Date;
      askedBy?: string;
      requestId?: string | null;
      recipient?: Recipient;
    },
  ): Promise<{ id: string; path: string }> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const [{ id }] = await trx('signing')
      .insert({
        ...{ case_id: document.case_id, document_id: document.id, place: link.place, signer: link.signer },
        ...{ token_hash: hashOf(token), document_hash: hashNow(document) },
        ...{ asked_by: link.askedBy ?? null, asked_at: time.now(), expires_at: link.expiresAt },
        ...{ request_id: link.requestId ?? null, recipient: link.recipient && JSON.stringify(link.recipient) },
      })
      .returning('id');
    await record(trx, document, 'document.sign-asked', link.signer, { personId: link.askedBy ?? null });
    return { id, path: `/sign/${token}` };
  }

  async function sendLink(
    trx: Knex.Transaction,
    {
      document,
      row,
      release,
      ...link
    }: {
      document: DocumentRow;
      row: CaseRow;
      release: Release;
      place: string;
      signer: string;
      recipient: Recipient;
      requestId: string | null;
      askedBy?: string;
    },
  ): Promise<string> {
    const hours = await readSetting(trx, SENT_LINK_HOURS);
    const expiresAt = new Date(time.now().getTime() + hours * 3_600_000);
    const { id, path } = await insert(trx, document, { ...link, expiresAt });
    const { title: place } = placeOf(release, document.kind, link.place);
    const zh = { title: '请签名', body: `请在《${document.title}》的「${place.zh}」处签名，${hours} 小时内有效` };
    const to = link.recipient;
    if ('phone' in to) {
      const body = `${zh.body}：${core.settings.publicUrl}${path}`;
      await deps.messages.sendText(trx, { to: to.phone, caseId: row.id, title: zh.title, body });
      return id;
    }
    const en = {
      title: 'Please sign',
      body: `Please sign “${document.title}” at “${place.en}” within ${hours} hours`,
    };
    await deps.messages.send(trx, { to, caseId: row.id, kind: 'sign', ...zh, en, link: path });
    return id;
  }

  /** Lets each open visit of a receive step go on for whose last request `done` holds. */
  async function goOn(
    trx: Knex.Transaction,
    of: { caseId: string; release: Release; step: string },
    done: (last: RequestRow) => Promise<boolean>,
  ): Promise<void> {
    const { caseId, step } = of;
    const requests: RequestRow[] = await trx('signing_request')
      .where({ case_id: caseId, answer_step: step })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'visit', order: 'desc' },
      ]);
    for (const { visit, sent } of await waitingVisits(trx, of, requests)) {
      const [last] = sent;
      if (!last || !(await done(last))) continue;
      await deps.commands.add(trx, { caseId, kind: 'receive', payload: { step, visit, variables: {} } });
    }
  }

  async function open(who: Who, documentId: string) {
    const found = await about(documentId);
    if (!found || !(await deps.mayReadCase(who, found.row)) || who.kind !== 'staff') throw notFound();
    return found;
  }

  /** Where it can still be signed: a template may leave out a place, such as that of witnesses. */
  async function placesOn(release: Release, document: DocumentRow) {
    const { id, kind } = document;
    const signed: string[] = await db('signing').where({ document_id: id }).whereNotNull('signed_at').pluck('place');
    const left = placesOf(release, kind).filter((one) => !signed.includes(one.id));
    const pdf = await core.files.get(hashNow(document));
    const found = await Promise.all(left.map(async (one) => ((await findWords(pdf, one.place)) ? [one] : [])));
    return found.flat();
  }

  async function about(documentId: string) {
    const document: DocumentRow | undefined = await db('document')
      .where({ id: documentId })
      .whereIn('state', ['made', 'sealed', 'served'])
      .first();
    if (!document) return undefined;
    const row: CaseRow = await db('case').where({ id: document.case_id }).first();
    return { document, row, release: await deps.release(row.release_id) };
  }

  async function known(who: Who, id: string) {
    const signing: SigningRow | undefined = await db('signing').where({ id }).first();
    if (!signing) throw notFound();
    return { signing, ...(await open(who, signing.document_id)) };
  }

  async function byToken(token: string) {
    const signing: SigningRow | undefined = await db('signing')
      .where({ token_hash: hashOf(token) })
      .first();
    if (!signing || stateOf(signing, time.now()) !== 'open') throw linkOver();
    const found = await about(signing.document_id);
    if (!found) throw documentChanged();
    if (hashNow(found.document) !== signing.document_hash) throw documentChanged();
    return { signing, ...found };
  }

  function record(
    trx: Parameters<Audit['write']>[0],
    document: DocumentRow,
    action: string,
    signer: string,
    { personId = null, ...detail }: Record<string, unknown> & { personId?: string | null },
  ) {
    const { case_id: caseId, step, visit, title, number } = document;
    return deps.audit.write(trx, {
      ...{ caseId, personId, action, step, visit },
      detail: { title, ...(number && { number }), addressee: signer, ...detail },
    });
  }
}

const unused = (query: Knex.QueryBuilder) => query.whereNull('signed_at').whereNull('cancelled_at');
const isReceive = ({ package: { steps } }: Release, step: string) => steps[step]?.type === 'receive';
