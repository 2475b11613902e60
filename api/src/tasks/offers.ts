/** What may be done on a task, and why something may not: the server decides, the browser only draws it. */
import type { Offer } from '../../../contracts/api/index.ts';
import type { Outcome, Step } from '../../../contracts/flow.ts';
import { handOverOffers } from './hand-over.offers.ts';

export interface Situation {
  step: Step;
  taskState: 'open' | 'deciding' | 'blocked' | 'held';
  /** The person is one of the candidates. */
  candidate: boolean;
  holder: { id: string; name: string; mine: boolean } | null;
  moving: boolean;
  /** Outcomes of this step that were decided before in this case: outcome → day. */
  decidedBefore: Record<string, string>;
  /** What an outcome does to the clocks. */
  effects: Record<string, Reason>;
  /** Why this person may not act although the role is theirs. */
  exclusion: Reason | null;
  /** Not an applicant, whose tasks are their own: nobody else takes them. */
  staff: boolean;
  /** The task is delegated, and this person is its owner or the one who prepares it; `other` is the other of the two. */
  delegation: { as: 'owner' | 'delegate'; other: string } | null;
  /** When somebody may urge it; null: now. */
  urgeFrom: Date | null;
  /** The person is one of several who answer, and has answered. */
  answered: boolean;
  /** Opinions of added people are awaited. */
  awaited: Reason | null;
  /** The person was added and has not given the opinion; after a decision, which outcome it has. */
  sign: 'opinion' | { confirms: Reason } | null;
  /** Somebody decides it in a batch that is not sent yet. */
  held: Reason | null;
}

type Reason = { zh: string; en: string };

/** All offers of a task for one person, outcomes in the model's order with the primary one first. */
export function offersOf(situation: Situation): Offer[] {
  const { step, holder } = situation;
  const blocked = whyNotAtAll(situation);
  const outcomes = [...step.outcomes].sort((a, b) => Number(b.kind === 'primary') - Number(a.kind === 'primary'));
  const offers: Offer[] = outcomes.map((outcome) => {
    const reason = blocked ?? whyNotThis(outcome, situation);
    return {
      action: `decide:${outcome.id}`,
      title: { zh: outcome.zh, en: outcome.en },
      enabled: reason === undefined,
      ...(reason && { reason }),
      primary: outcome.kind === 'primary',
      needs: outcome.needs,
      ...(situation.effects[outcome.id] && { effect: situation.effects[outcome.id] }),
    };
  });
  if (situation.candidate && step.actions.includes('return'))
    offers.push({
      action: 'return',
      title: { zh: '退回', en: 'Send back' },
      enabled: blocked === undefined,
      ...(blocked && { reason: blocked }),
      needs: ['reason', 'confirm'],
    });
  const claims = situation.staff && !step.quorum && !situation.delegation;
  if (claims && situation.candidate && situation.taskState === 'open' && !situation.exclusion) {
    if (!holder) offers.push(plain('claim', '签收', 'Claim'));
    else if (holder.mine && !situation.awaited) offers.push(plain('release', '退签', 'Release'));
  }
  return [
    ...signOffers(situation.sign),
    ...offers,
    ...handOverOffers({
      ...situation,
      open: situation.taskState === 'open' && !situation.moving,
      blocked,
      delegation: situation.delegation?.as ?? null,
    }),
  ];
}

function signOffers(sign: Situation['sign']): Offer[] {
  if (!sign) return [];
  const offer = (action: string, zh: string, en: string, needs: Offer['needs'], primary: boolean): Offer => ({
    ...{ action, title: { zh, en }, enabled: true, needs, primary },
  });
  if (sign === 'opinion') return [offer('sign', '提交加签意见', 'Give the opinion', ['opinion'], true)];
  const { zh, en } = sign.confirms;
  return [
    offer('sign:agree', `同意「${zh}」`, `Agree to “${en}”`, [], true),
    offer('sign:refuse', `不同意「${zh}」`, `Do not agree to “${en}”`, ['opinion'], false),
  ];
}

function plain(action: string, zh: string, en: string): Offer {
  return { action, title: { zh, en }, enabled: true, needs: [] };
}

function whyNotAtAll({
  taskState,
  candidate,
  holder,
  moving,
  exclusion,
  answered,
  delegation,
  step,
  held,
  awaited,
}: Situation): Reason | undefined {
  if (taskState === 'deciding')
    return { zh: '决定已收到，正在办理', en: 'The decision was received and is being carried out' };
  if (held) return held;
  if (moving) return { zh: '这件正在变动流程', en: 'The case is being moved' };
  if (answered) return { zh: '您已提交意见，等其他方办理', en: 'You have answered; the others are awaited' };
  if (!candidate)
    return {
      zh: `由${step.groups.length > 0 ? '本环节岗位' : '他人'}办理，您可以查看`,
      en: 'Others decide this step; you may read it',
    };
  if (awaited) return awaited;
  if (delegation)
    return delegation.as === 'owner'
      ? { zh: `已委托${delegation.other}办理`, en: `Delegated to ${delegation.other}` }
      : { zh: `${delegation.other}委托您准备，写明意见后交还`, en: `${delegation.other} decides; give it back` };
  if (holder && !holder.mine) return { zh: `${holder.name}已签收`, en: `Taken by ${holder.name}` };
  return exclusion ?? undefined;
}

function whyNotThis(outcome: Outcome, { decidedBefore }: Situation): Reason | undefined {
  const day = decidedBefore[outcome.id];
  if (!outcome.once || day === undefined) return undefined;
  return {
    zh: `${day} 已办过「${outcome.zh}」，只能一次${outcome.basis ? `（${outcome.basis}）` : ''}`,
    en: `“${outcome.en}” was decided on ${day}; only once${outcome.basis ? ` (${outcome.basis})` : ''}`,
  };
}
