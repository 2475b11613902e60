/** Writing a case with its number, and the command that starts it: for drafts that are submitted and for follow-up cases. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import type { Core } from '../core/index.ts';
import { problemKind } from '../core/index.ts';
import type { Commands } from '../engine/index.ts';
import { initialsOf } from '../search/index.ts';

export const openCaseExists = problemKind(
  'open-case-exists',
  409,
  '已有同类办件在办',
  'A case of this kind is open already',
);
export const noOffice = problemKind('no-office', 409, '没有受理这件事的机关', 'No office handles this');

export interface OpenDeps {
  commands: Pick<Commands, 'add'>;
  numbers: {
    draw(
      trx: Knex.Transaction,
      draw: { rule: string; scope: Record<string, string>; ref: string; caseId: string },
    ): Promise<string>;
    use(trx: Knex.Transaction, rule: string, ref: string): Promise<void>;
  };
  subject(register: string, id: string): Promise<{ name: string; division: string | null } | null>;
}

export interface NewCase {
  id: string;
  release: Release;
  /** Fields of the flow's form. */
  data: Record<string, unknown>;
  starter: { personId: string; name: string };
  subjectId: string | null;
  institutionId: string | null;
  /** The certificate that it is about. */
  certificateId?: string | null;
  /** Where it is begun, for flows that are handled there. */
  office: string | null;
}

/** @throws open-case-exists, no-office */
export type OpenCase = (
  trx: Knex.Transaction,
  given: NewCase,
) => Promise<{ number: string; title: string; command: string }>;

export function createOpenCase(core: Core, deps: OpenDeps): OpenCase {
  return async (
    trx,
    { id, release, data, starter, subjectId, institutionId, certificateId = null, office: begunAt },
  ) => {
    const { flow, variables } = release.package;
    if (flow.exclusive === 'subject' && subjectId) await checkExclusive(trx, flow.id, { subject_id: subjectId });
    if (flow.exclusive === 'certificate' && certificateId)
      await checkExclusive(trx, flow.id, { certificate_id: certificateId });
    const at = core.time.now();
    const subject = subjectId ? await deps.subject(flow.subject.register, subjectId) : null;
    const name = subject?.name ?? String(data.name ?? starter.name);
    const division = typeof data.division === 'string' ? data.division : (subject?.division ?? null);
    const office =
      flow.case.office === 'starter' && begunAt ? begunAt : await officeFor(trx, flow.case.office, division);
    const number = await deps.numbers.draw(trx, {
      rule: flow.case.numberRule,
      scope: { year: String(yearOf(at)), office },
      ref: `case:${id}`,
      caseId: id,
    });
    await deps.numbers.use(trx, flow.case.numberRule, `case:${id}`);
    const title = flow.case.title.replace(/\{(\w+)\}/g, (_, field: string) =>
      field === 'applicant' ? name : String(data[field] ?? ''),
    );
    await trx('case').insert({
      ...{ id, number, title, office, division },
      flow: flow.id,
      release_id: release.id,
      subject_register: flow.subject.register,
      subject_id: subjectId,
      subject_name: name,
      initials: initialsOf(name),
      priority: flow.priority,
      certificate_id: certificateId,
      starter: starter.personId,
      institution_id: institutionId,
      contact_mobile: flow.contact ? digitsOf(data[flow.contact]) : null,
      received_at: at,
    });
    const command = await deps.commands.add(trx, {
      caseId: id,
      kind: 'start',
      payload: { definitionId: release.definitionId, variables: Object.fromEntries(variables.map((v) => [v, null])) },
    });
    return { number, title, command };
  };

  /** One at a time per subject or certificate: two submissions at once wait for one another. */
  async function checkExclusive(trx: Knex.Transaction, flow: string, about: Record<string, string>): Promise<void> {
    await trx.raw(`select pg_advisory_xact_lock(hashtextextended('exclusive:' || ? || ?, 0))`, [
      flow,
      Object.values(about)[0]!,
    ]);
    const open = await trx('case')
      .where({ flow, ...about })
      .whereNot({ state: 'closed' })
      .first('id', 'number');
    if (open)
      throw openCaseExists({
        zh: `办件 ${open.number} 还在办，办结后再申请`,
        en: `Case ${open.number} is still open; apply again when it has ended`,
        facts: { caseId: open.id, number: open.number },
      });
  }

  /** The nearest office upwards from the division that has the level; the root office where no division is known. */
  async function officeFor(trx: Knex.Transaction, level: string, division: string | null): Promise<string> {
    const { rows } = await trx.raw(
      `select o.code from office o where o.ended_at is null and o.level = ? and (?::text is null or ? like o.code || '%' or o.code = ?) order by length(o.code) desc limit 1`,
      [level, division, division, core.settings.rootOffice],
    );
    const code: string | undefined =
      rows[0]?.code ?? (await trx('office').where({ code: core.settings.rootOffice }).first('code'))?.code;
    if (!code) throw noOffice();
    return code;
  }
}

const digitsOf = (phone: unknown): string | null => String(phone ?? '').replace(/\D/g, '') || null;

/** Who takes part in a case that the authority starts: its subject, where some step or document is the applicant's. */
export function partyOf({ package: { steps, documents } }: Release, subject: string | null): string | null {
  const takesPart =
    Object.values(steps).some((step) => step.groups.includes('applicant')) ||
    Object.values(documents).some((document) => document.addressee === 'applicant');
  return takesPart ? subject : null;
}

function yearOf(at: Date): number {
  return Number(new Intl.DateTimeFormat('en', { timeZone: 'Asia/Shanghai', year: 'numeric' }).format(at));
}
