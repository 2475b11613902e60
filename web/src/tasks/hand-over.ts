import type { Offer } from '../api/index.ts';

const ACTS = ['transfer', 'delegate', 'copy', 'urge', 'add-sign'] as const;
export type HandOver = (typeof ACTS)[number];

/** What the dialog for handing on does for this offer; undefined for all other offers. */
export function handOverOf({ action }: Pick<Offer, 'action'>): HandOver | undefined {
  return ACTS.find((act) => act === action);
}
