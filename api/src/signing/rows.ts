/** Links to sign as they are kept, and what people see of them. */
import { createHash } from 'node:crypto';
import type { SigningView } from '../../../contracts/api/index.ts';
import type { DocumentDecl, Release } from '../../../contracts/flow.ts';
import type { DocumentRow } from '../documents/index.ts';
import type { Message } from '../messages/index.ts';
import { noPlace } from './problems.ts';

/** Where a link is sent: to an account, or to somebody's phone. */
export type Recipient = Message['to'] | { phone: string };

export interface SigningRow {
  id: string;
  case_id: string;
  document_id: string;
  place: string;
  signer: string;
  document_hash: string;
  asked_by: string;
  asked_at: Date;
  expires_at: Date;
  cancelled_at: Date | null;
  signed_at: Date | null;
  means: SigningView['means'];
  through: SigningView['through'];
  ip: string | null;
  agent: string | null;
  request_id: string | null;
  recipient: Recipient | null;
}

export interface RequestRow {
  id: string;
  document_id: string;
  place: string;
  sender: string;
}

export function stateOf({ signed_at, cancelled_at, expires_at }: SigningRow, now: Date): SigningView['state'] {
  if (signed_at) return 'signed';
  if (cancelled_at) return 'cancelled';
  return expires_at <= now ? 'expired' : 'open';
}

export function viewOf(signing: SigningRow, release: Release, document: DocumentRow, now: Date): SigningView {
  const state = stateOf(signing, now);
  const outdated = state === 'expired' || (state === 'open' && signing.document_hash !== hashNow(document));
  return {
    id: signing.id,
    place: signing.place,
    placeTitle: placeOf(release, document.kind, signing.place).title,
    signer: signing.signer,
    state,
    askedAt: signing.asked_at.toISOString(),
    expiresAt: signing.expires_at.toISOString(),
    signedAt: signing.signed_at?.toISOString() ?? null,
    means: signing.means,
    through: signing.through,
    ip: signing.ip,
    agent: signing.agent,
    hash: signing.document_hash,
    renewable: signing.recipient !== null && outdated,
  };
}

export const hashNow = ({ signed_hash, file_hash }: DocumentRow) => (signed_hash ?? file_hash)!;
export const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

export function placesOf(release: Release, kind: string): NonNullable<DocumentDecl['signatures']> {
  return release.package.documents[kind]?.signatures ?? [];
}

export function placeOf(release: Release, kind: string, id: string) {
  const place = placesOf(release, kind).find((one) => one.id === id);
  if (!place) throw noPlace();
  return place;
}
