/** Who may start a case of a flow, at which office and about whom. */
import type { FlowJson, Release } from '../../../contracts/flow.ts';
import { invalidInput, problemKind, type Who } from '../core/index.ts';

export const mayNotStart = problemKind('may-not-start', 403, '您不能申请这一事项', 'You may not apply for this');

export interface StartRegisters {
  visible(who: Who, register: string, id: string): Promise<boolean>;
}

/** What a person wants to start a case about; staff name the subject, applicants the institution. */
export interface StartWish {
  institution?: string;
  subject?: string;
  office?: string;
}

/** Whom a case is about, for whom it is applied, and the office where staff start it. */
export interface StartsAbout {
  institution_id: string | null;
  subject_id: string | null;
  office: string | null;
}

/** @throws Problem `may-not-start` with the reason */
export function assertMayStart(release: Release, who: Who): void {
  const refusal = whyNot(release, who);
  if (refusal) throw mayNotStart(refusal);
}

/** Null where the person may start it. */
export function whyNot({ package: { flow } }: Release, who: Who): { zh: string; en: string } | null {
  const isApplied = flow.start.roles.includes('applicant');
  if (who.kind === 'staff') {
    if (officesOf(flow, who).length > 0) return null;
    return isApplied
      ? { zh: '由机构申请，工作人员不能代为申请', en: 'Institutions apply; staff cannot' }
      : { zh: '您没有发起这一事项的岗位', en: 'You hold no role that starts this' };
  }
  if (!isApplied) return { zh: '这一事项由机关发起', en: 'The authority starts this' };
  return subjectsOf(flow, who).length > 0
    ? null
    : {
        zh: '您的账号还没有关联这一事项的主体，请管理员关联后再申请',
        en: 'Your account acts for nobody who may apply for this; ask the administrator',
      };
}

/** Those whom an applicant acts for and that the flow can be about. */
export const subjectsOf = ({ subject: { register } }: FlowJson, who: Who): Who['institutions'] =>
  who.institutions.filter((one) => one.register === register);

/** Offices at which a person holds a role that starts the flow, in the order of the grants. */
export function officesOf(flow: FlowJson, who: Who): string[] {
  const held = who.grants.filter((grant) => flow.start.roles.includes(grant.role));
  return [...new Set(held.map((grant) => grant.office))];
}

/**
 * An applicant's institution is the subject as well, by default the first one; staff name the subject and, where they
 * may start at several offices, the office.
 *
 * @throws Problem `may-not-start`, `invalid`
 */
export async function startsAbout(
  registers: StartRegisters,
  release: Release,
  who: Who,
  wish: StartWish,
): Promise<StartsAbout> {
  assertMayStart(release, who);
  const { flow } = release.package;
  return who.kind === 'staff' ? chosenByStaff(registers, flow, who, wish) : institutionOf(flow, who, wish);
}

async function chosenByStaff(
  registers: StartRegisters,
  flow: FlowJson,
  who: Who,
  { subject, office }: StartWish,
): Promise<StartsAbout> {
  const offices = officesOf(flow, who);
  if (office !== undefined && !offices.includes(office))
    throw refused('office', '您在这个机关没有发起的岗位', 'You hold no role at this office that starts this');
  if (subject === undefined) throw refused('subject', '选择办件的对象', 'Choose whom the case is about');
  if (!(await registers.visible(who, flow.subject.register, subject)))
    throw refused('subject', '登记库里没有，或不在您的管辖范围', 'Not in the register, or outside your scope');
  return { institution_id: null, subject_id: subject, office: office ?? offices[0]! };
}

function institutionOf(flow: FlowJson, who: Who, { institution }: StartWish): StartsAbout {
  const mine = subjectsOf(flow, who);
  const of = institution === undefined ? mine[0] : mine.find(({ id }) => id === institution);
  if (institution !== undefined && !of)
    throw refused('institution', '您不代表这一主体', 'You do not act for this subject');
  return { institution_id: of?.id ?? null, subject_id: of?.id ?? null, office: null };
}

const refused = (path: string, zh: string, en: string) => invalidInput({ fields: [{ path, zh, en }] });
