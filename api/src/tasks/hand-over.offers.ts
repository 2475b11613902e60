/** What a task offers besides its outcomes: handing it on, giving it back, copies, urging. Pure. */
import type { Offer } from '../../../contracts/api/index.ts';
import type { Step } from '../../../contracts/flow.ts';

export type HandOver = 'transfer' | 'delegate' | 'copy' | 'urge' | 'add-sign';

interface Reason {
  zh: string;
  en: string;
}

export interface Handing {
  step: Pick<Step, 'actions' | 'quorum'>;
  open: boolean;
  staff: boolean;
  candidate: boolean;
  holder: { mine: boolean } | null;
  /** Somebody else has it, or something else stands against deciding it. */
  blocked: Reason | undefined;
  /** The task is delegated, and this person is its owner or the one who prepares it. */
  delegation: 'owner' | 'delegate' | null;
  /** When it may be urged; null: now. */
  urgeFrom: Date | null;
}

const TITLES: Record<HandOver, Reason> = {
  transfer: { zh: '转办', en: 'Transfer' },
  delegate: { zh: '委托办理', en: 'Delegate' },
  copy: { zh: '抄送', en: 'Copy to' },
  urge: { zh: '催办', en: 'Urge' },
  'add-sign': { zh: '加签', en: 'Ask for an opinion' },
};

export function handOverOffers(handing: Handing): Offer[] {
  const { step, open, staff, candidate, holder, blocked, delegation, urgeFrom } = handing;
  if (!open) return [];
  if (delegation) {
    const title =
      delegation === 'owner' ? { zh: '收回委托', en: 'Take back' } : { zh: '交还', en: 'Give back with an opinion' };
    const needs: Offer['needs'] = delegation === 'owner' ? ['confirm'] : ['opinion'];
    return [{ action: 'give-back', title, enabled: true, needs }];
  }
  const offer = (action: HandOver, needs: Offer['needs'], reason: Reason | undefined): Offer[] =>
    step.actions.includes(action)
      ? [{ action, title: TITLES[action], enabled: !reason, ...(reason && { reason }), needs }]
      : [];
  const urge = offer('urge', ['confirm'], whyNotUrge(urgeFrom));
  if (!candidate) return urge;
  if (!staff) return [];
  const several = step.quorum && { zh: '这一步由多方提出意见', en: 'Several answer here' };
  return [
    ...offer('transfer', ['reason', 'confirm'], blocked ?? several),
    ...offer('delegate', ['reason', 'confirm'], blocked ?? several),
    ...offer('add-sign', ['reason', 'confirm'], blocked),
    ...offer('copy', ['confirm'], undefined),
    ...(holder && !holder.mine ? urge : []),
  ];
}

export function whyNotUrge(from: Date | null): Reason | undefined {
  if (!from) return undefined;
  const moment = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(from)
    .slice('2026-'.length);
  return { zh: `刚到达或已催办过，${moment} 起可以催办`, en: `Arrived or urged lately; possible from ${moment}` };
}
