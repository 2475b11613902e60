/** Submitting a draft: the case is written with its number, then the engine is told (architecture 5.2). */
import type { Knex } from 'knex';
import type { Finding } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Audit } from '../audit/index.ts';
import type { Core, Who } from '../core/index.ts';
import { notNow } from '../tasks/index.ts';
import { invalidInput, notFound, problemKind } from '../core/index.ts';
import type { CaseRow, Commands } from '../engine/index.ts';
import { partyOf, type OpenCase } from './open.ts';
import { fileSealed, type SealedDeps } from './sealed.ts';

export const alreadySubmitted = problemKind(
  'already-submitted',
  409,
  '这份申请已经提交',
  'This application was submitted already',
);
export interface StartDeps extends SealedDeps {
  open: OpenCase;
  commands: Pick<Commands, 'send'>;
  audit: Audit;
  /** The release that a draft begins its case with; throws where it has to be looked at again first. */
  releaseOf(draft: { id: string; flow: string; form: string; release_id: string }): Promise<Release>;
  forms: {
    check(owner: string, form: string): Promise<Finding[]>;
    read(owner: string, form: string): Promise<{ data: Record<string, unknown> }>;
    close(trx: Knex.Transaction, closing: { owner: string; form: string; by: string; at: Date }): Promise<number>;
  };
  validation: {
    run(
      names: string[],
      application: {
        owner: string;
        release: Release;
        subject: { register: string; id: string } | null;
        receivedAt: Date;
      },
    ): Promise<{ severity: string; path: string; zh: string; en: string }[]>;
  };
  messages: {
    send(
      trx: Knex.Transaction,
      message: {
        to: { personId: string } | { institutionId: string };
        caseId?: string;
        kind: string;
        title: string;
        body: string;
        link?: string;
      },
    ): Promise<void>;
  };
}

export interface Started {
  caseId: string;
  number: string;
}

export type Submit = (who: Who, draftId: string) => Promise<Started>;

interface DraftRow {
  id: string;
  flow: string;
  release_id: string;
  form: string;
  person_id: string;
  institution_id: string | null;
  subject_id: string | null;
  certificate_id: string | null;
  /** Where staff start it. */
  office: string | null;
  state: 'open' | 'submitted' | 'discarded';
}

export function createSubmit(core: Core, deps: StartDeps): Submit {
  const { db, failpoints } = core;

  return async (who, draftId) => {
    const draft: DraftRow | undefined = await db('draft').where({ id: draftId }).first();
    const own =
      draft && (draft.person_id === who.personId || who.institutions.some((i) => i.id === draft.institution_id));
    if (!draft || !own || draft.state === 'discarded') throw notFound();
    if (draft.state === 'submitted') throw alreadySubmitted({ facts: await startedFacts(draft.id) });
    const release = await deps.releaseOf(draft);
    const errors = (await deps.forms.check(draft.id, draft.form)).filter((f) => f.severity === 'error');
    if (errors.length > 0) {
      throw invalidInput({
        zh: `还差 ${errors.length} 项才能提交`,
        en: `${errors.length} items are missing`,
        fields: errors.map((f) => ({ path: f.path, zh: f.zh, en: f.en })),
      });
    }
    await checkStart(draft, release);
    const { data } = await deps.forms.read(draft.id, draft.form);
    await failpoints.hit('submit.commit.before');
    const written = await db.transaction((trx) => write(trx, who, draft, release, data));
    await failpoints.hit('submit.commit.after');
    await deps.commands.send(written.command);
    return { caseId: draft.id, number: written.number };
  };

  async function write(
    trx: Knex.Transaction,
    who: Who,
    draft: DraftRow,
    release: Release,
    data: Record<string, unknown>,
  ): Promise<{ number: string; command: string }> {
    const { flow } = release.package;
    const locked: DraftRow = await trx('draft').where({ id: draft.id }).forUpdate().first();
    if (locked.state !== 'open') throw alreadySubmitted({ facts: await startedFacts(draft.id) });
    const at = core.time.now();
    await deps.forms.close(trx, { owner: draft.id, form: draft.form, by: who.personId, at });
    await trx('draft').where({ id: draft.id }).update({ state: 'submitted', updated_at: at });
    const subjectId = subjectOf(draft);
    const { number, title, command } = await deps.open(trx, {
      ...{ id: draft.id, release, data, starter: who, subjectId, office: draft.office },
      certificateId: draft.certificate_id,
      institutionId: draft.office ? partyOf(release, subjectId) : draft.institution_id,
    });
    const row: CaseRow = await trx('case').where({ id: draft.id }).first();
    await fileSealed(trx, deps, { row, release, data, by: who.personId });
    await deps.audit.write(trx, {
      caseId: draft.id,
      personId: who.personId,
      action: draft.office ? 'case.open' : 'case.start',
      detail: { number, title, flow: flow.id, flowTitle: flow.title },
    });
    if (!draft.office)
      await deps.messages.send(trx, {
        to: draft.institution_id ? { institutionId: draft.institution_id } : { personId: who.personId },
        caseId: draft.id,
        kind: 'received',
        title: `已收到申请 ${number}`,
        body: `${title}，${flow.title.zh}。办理进度在「我的办件」里看。`,
        link: `/cases/${draft.id}`,
      });
    return { number, command };
  }

  /** Checks that refuse a start already: a ban, an open case of the kind. */
  async function checkStart(draft: DraftRow, release: Release): Promise<void> {
    const { start, subject } = release.package.flow;
    const id = subjectOf(draft);
    const of = id ? { register: subject.register, id } : null;
    const found = await deps.validation.run(start.check, {
      owner: draft.id,
      release,
      subject: of,
      receivedAt: core.time.now(),
    });
    const errors = found.filter((f) => f.severity === 'error');
    if (errors.length > 0) throw notNow({ zh: errors[0]!.zh, en: errors[0]!.en, fields: errors });
  }

  async function startedFacts(id: string): Promise<Record<string, unknown>> {
    const row = await db('case').where({ id }).first('number', 'id');
    return row ? { caseId: row.id, number: row.number } : {};
  }
}

const subjectOf = (draft: DraftRow) => draft.subject_id ?? draft.institution_id;
