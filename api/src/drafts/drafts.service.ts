/** Applications that are being written: opened from the registers, kept on the server, sealed, submitted or given up. */
import type { z } from 'zod';
import type { DraftRow, Finding, NewerForm } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { allFields, type Field } from '../../../contracts/forms/index.ts';
import type { SignatureValue } from '../../../contracts/kinds/index.ts';
import type { Knex } from 'knex';
import { certificateFor, mayNotStart, startsAbout, type StartRegisters, type StartWish } from '../catalogue/index.ts';
import { invalidInput, notFound, problemKind, readSetting, type Core, type Who } from '../core/index.ts';
import { assertOpen, type FormSessions } from '../forms/index.ts';
import { KEPT_DAYS, lastDayOf, SAVED_AT } from './keeping.ts';
import type { NewerForms } from './newer.ts';

export const nothingToSeal = problemKind(
  'nothing-to-seal',
  409,
  '这份申请没有要签章的文书',
  'Nothing of this application is to be sealed',
);

export interface DraftDeps {
  newer: Pick<NewerForms, 'of' | 'take'>;
  flows: { all(): Promise<Release[]>; current(flow: string): Promise<Release>; get(id: string): Promise<Release> };
  forms: {
    open(
      trx: Knex.Transaction,
      opening: {
        owner: string;
        form: string;
        release: Release;
        subject?: { register: string; id: string };
        known?: Record<string, unknown>;
      },
    ): Promise<void>;
    check(owner: string, form: string): Promise<Finding[]>;
    read(owner: string, form: string): Promise<{ savedAt: Date | null }>;
    sign(
      trx: Knex.Transaction,
      signing: { owner: string; form: string; field: string; value: SignatureValue; asOf: Date | null },
    ): Promise<void>;
  };
  sessions: Pick<FormSessions, 'edit'>;
  registers: StartRegisters & {
    find(register: string, id: string): Promise<{ fields: Record<string, unknown> } | null>;
  };
  documents: {
    render(
      release: Release,
      kind: string,
      of: { owner: string; seal?: { institution: string; name: string } },
    ): Promise<Buffer>;
  };
  audit: {
    write(
      trx: Knex.Transaction,
      event: { personId: string; action: string; detail: Record<string, unknown> },
    ): Promise<unknown>;
  };
}

interface Draft {
  id: string;
  flow: string;
  release_id: string;
  form: string;
  person_id: string;
  institution_id: string | null;
  subject_id: string | null;
  state: 'open' | 'submitted' | 'discarded';
  created_at: Date;
  updated_at: Date;
}

export interface DraftBegin extends StartWish {
  flow: string;
  certificate?: string;
}

export interface DraftService {
  /**
   * Begins a draft. An applicant names the institution, else it is the first one; staff name the subject and, where
   * they may start at several offices, the office. Where it is about one certificate of several, that is named too.
   * @throws Problem `may-not-start`, `no-certificate`, `invalid`
   */
  create(who: Who, begin: DraftBegin): Promise<{ id: string }>;
  list(who: Who): Promise<z.infer<typeof DraftRow>[]>;
  discard(who: Who, id: string): Promise<void>;
  /** The document that is to be sealed, as it stands; slow. */
  book(who: Who, id: string): Promise<{ hash: string }>;
  /** Seals it with the institution's own key and puts the signature into the form; again after a correction. */
  seal(who: Who, id: string): Promise<{ hash: string; at: string }>;
  /** A book or sealed book of this draft for reading. */
  bookFile(who: Who, id: string): Promise<Buffer>;
  /** What the newest release asks for otherwise; null where the draft has it. */
  newer(who: Who, id: string): Promise<NewerForm | null>;
  /** Goes on with the newest release. */
  takeNewer(who: Who, id: string): Promise<void>;
}

export function createDraftService(core: Core, deps: DraftDeps): DraftService {
  const { db, time } = core;

  async function own(who: Who, id: string): Promise<Draft> {
    const draft: Draft | undefined = await db('draft').where({ id }).whereNot({ state: 'discarded' }).first();
    const mine =
      draft && (draft.person_id === who.personId || who.institutions.some((i) => i.id === draft.institution_id));
    if (!draft || !mine) throw notFound();
    return draft;
  }

  async function openDraft(who: Who, id: string): Promise<Draft> {
    const draft = await own(who, id);
    if (draft.state !== 'open')
      throw notFound({
        zh: '这份申请已经提交，在「我的办件」里看',
        en: 'This application was submitted; see it in “My cases”',
      });
    return draft;
  }

  async function subjectName({ package: { flow } }: Release, draft: Draft): Promise<string | null> {
    const id = draft.subject_id ?? draft.institution_id;
    const entry = id ? await deps.registers.find(flow.subject.register, id) : null;
    return entry ? String(entry.fields.name) : null;
  }

  /** The seal stands for complete records (CMA-3.9); materials follow after it. */
  async function checkRecords({ id, form }: Draft, field: Field): Promise<void> {
    const open = (await deps.forms.check(id, form)).filter(
      ({ path, severity }) => severity === 'error' && path !== field.key && !path.startsWith('materials/'),
    );
    if (open.length > 0)
      throw invalidInput({
        zh: `申请书还差 ${open.length} 项，填齐后签章`,
        en: `${open.length} items are missing before it can be sealed`,
        fields: open.map(({ path, zh, en }) => ({ path, zh, en })),
      });
  }

  return {
    async create(who, begin) {
      const { flow } = begin;
      const release = await deps.flows.current(flow);
      const { form, subject } = release.package.flow;
      const about = await startsAbout(deps.registers, release, who, begin);
      const certificate = await certificateFor(core, release.package.flow, {
        subject: about.subject_id,
        wanted: begin.certificate,
      });
      const at = time.now();
      return db.transaction(async (trx) => {
        const [draft] = await trx('draft')
          .insert({
            flow,
            release_id: release.id,
            form,
            person_id: who.personId,
            ...about,
            certificate_id: certificate?.id ?? null,
            created_at: at,
            updated_at: at,
          })
          .returning('id');
        await deps.forms.open(trx, {
          owner: draft.id,
          form,
          release,
          ...(about.subject_id && { subject: { register: subject.register, id: about.subject_id } }),
          ...(certificate && {
            known: { certificateNumber: certificate.number, certificateValidTo: certificate.valid_to },
          }),
        });
        return { id: draft.id };
      });
    },

    async list(who) {
      const institutions = who.institutions.map((i) => i.id);
      const [kept, drafts]: [number, (Draft & { saved_at: Date })[]] = await Promise.all([
        readSetting(db, KEPT_DAYS),
        db('draft as d')
          .where({ 'd.state': 'open' })
          .where((mine) => mine.where('d.person_id', who.personId).orWhereIn('d.institution_id', institutions))
          .orderBy('saved_at', 'desc')
          .limit(100)
          .select('d.*', db.raw(`${SAVED_AT} as saved_at`)),
      ]);
      return Promise.all(
        drafts.map(async (draft) => {
          const [release, newest, findings] = await Promise.all([
            deps.flows.get(draft.release_id),
            deps.flows.current(draft.flow),
            deps.forms.check(draft.id, draft.form),
          ]);
          return {
            id: draft.id,
            flow: draft.flow,
            flowTitle: release.package.flow.title,
            form: draft.form,
            state: draft.state,
            institution: await subjectName(release, draft),
            subject: draft.subject_id,
            updatedAt: draft.saved_at.toISOString(),
            keptUntil: lastDayOf(draft.saved_at, kept),
            createdAt: draft.created_at.toISOString(),
            missing: findings.filter((f) => f.severity === 'error').length,
            newer: newest.id !== draft.release_id,
          };
        }),
      );
    },

    newer: async (who, id) => deps.newer.of(await openDraft(who, id)),
    takeNewer: async (who, id) => deps.newer.take(await openDraft(who, id)),

    async discard(who, id) {
      const draft = await openDraft(who, id);
      await db('draft').where({ id: draft.id, state: 'open' }).update({ state: 'discarded', updated_at: time.now() });
    },

    async book(who, id) {
      const draft = await own(who, id);
      const { release } = (await deps.sessions.edit(who, id, draft.form)).access;
      const pdf = await deps.documents.render(release, toSeal(release).document, { owner: draft.id });
      const { hash } = await core.files.put(pdf);
      await db('draft').where({ id }).update({ book_hash: hash });
      return { hash };
    },

    async seal(who, id) {
      const draft = await own(who, id);
      const { access } = await deps.sessions.edit(who, id, draft.form);
      const { release } = access;
      const { document, field } = toSeal(release);
      assertOpen(access.open, [{ path: field.key, label: field.label }]);
      const institution = who.institutions.find((i) => i.id === draft.institution_id);
      if (!institution)
        throw mayNotStart({ zh: '只有代表机构的人可以签章', en: 'Only who acts for the institution may seal' });
      await checkRecords(draft, field);
      const { savedAt: asOf } = await deps.forms.read(id, draft.form);
      const pdf = await deps.documents.render(release, document, {
        owner: draft.id,
        seal: { institution: institution.id, name: institution.name },
      });
      const { hash } = await core.files.put(pdf);
      const at = time.now().toISOString();
      await db.transaction(async (trx) => {
        await deps.forms.sign(trx, {
          owner: draft.id,
          form: draft.form,
          field: field.key,
          value: { by: institution.name, at, hash },
          asOf,
        });
        await trx('draft').where({ id }).update({ book_hash: hash });
        await deps.audit.write(trx, {
          personId: who.personId,
          action: 'draft.sealed',
          detail: { title: release.package.documents[document]!.title.zh, hash, draft: id },
        });
      });
      return { hash, at };
    },

    async bookFile(who, id) {
      const { id: own_ } = await own(who, id);
      const { book_hash: hash } = await db('draft').where({ id: own_ }).first('book_hash');
      if (!hash) throw notFound({ zh: '申请书还没有生成', en: 'The book has not been made yet' });
      return core.files.get(hash);
    },
  };
}

/** The signature field of the application and the document that it is put on: `properties.document`. */
export function toSeal(release: Release): { document: string; field: Field } {
  const schema = release.package.forms[release.package.flow.form]!;
  for (const { field } of allFields(schema))
    if (field.type === 'signature' && field.properties?.document) return { document: field.properties.document, field };
  throw nothingToSeal();
}
