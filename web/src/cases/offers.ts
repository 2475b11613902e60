import type { Offer, Said } from '../api/index.ts';

/** The outcome that `decide:<outcome>` stands for; null for claim, release and the like. */
export function outcomeOf(offer: Offer): string | null {
  return offer.action.startsWith('decide:') ? offer.action.slice('decide:'.length) : null;
}

/** One more step follows before it is sent; its button ends in 「…」. */
export function asksMore(offer: Offer): boolean {
  return offer.needs.some((need) => need === 'pins' || need === 'reason' || need === 'confirm');
}

/** What cannot be done now, by reason, so that a reason shared by all is said once. */
export function refusals(offers: Offer[]): { reason: Said; offers: Offer[] }[] {
  const found = new Map<string, { reason: Said; offers: Offer[] }>();
  for (const offer of offers) {
    if (offer.enabled || !offer.reason) continue;
    const known = found.get(offer.reason.zh);
    if (known) known.offers.push(offer);
    else found.set(offer.reason.zh, { reason: offer.reason, offers: [offer] });
  }
  return [...found.values()];
}
