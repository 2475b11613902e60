import type { PublicCertificate } from '../../../contracts/api/index.ts';

export interface Suspension {
  from: string;
  to: string;
}

/** Suspensions that are over, oldest first. */
export function pastSuspensions(history: PublicCertificate['history']): Suspension[] {
  const found: Suspension[] = [];
  let from: string | null = null;
  for (const event of [...history].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    if (event.kind === 'suspended') from = event.at;
    if (event.kind !== 'resumed' || from === null) continue;
    found.push({ from, to: event.at });
    from = null;
  }
  return found;
}
