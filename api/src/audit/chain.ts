import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../contracts/canonical-json.ts';

/** A line as its table row; the hash covers every column but the identity number and the hash itself. */
export interface AuditLine {
  chain: string;
  sequence: number;
  previous: string;
  at: Date;
  occurred_at: Date | null;
  case_id: string | null;
  person_id: string | null;
  on_behalf_of: string | null;
  role: string | null;
  office: string | null;
  action: string;
  step: string | null;
  visit: number | null;
  detail: Record<string, unknown>;
}

const HASHED = [
  'chain',
  'sequence',
  'previous',
  'at',
  'occurred_at',
  'case_id',
  'person_id',
  'on_behalf_of',
  'role',
  'office',
  'action',
  'step',
  'visit',
  'detail',
] as const satisfies (keyof AuditLine)[];

/** Hash of a line, or of a row with further columns. */
export function hashOfLine(line: AuditLine): string {
  return sm3(Object.fromEntries(HASHED.map((column) => [column, line[column]])));
}

export interface Anchor {
  at: Date;
  /** Chain → hash of its last line, for the chains that grew since the anchor before. */
  heads: Record<string, string>;
  previous: string;
}

export function hashOfAnchor({ at, heads, previous }: Anchor): string {
  return sm3({ at, heads, previous });
}

/** SM3 (GB/T 32905) in hex over canonical JSON in UTF-8; moments as in `2026-11-21T02:32:00.000Z`. */
function sm3(value: unknown): string {
  const plain = JSON.parse(JSON.stringify(value));
  return createHash('sm3').update(canonicalJson(plain)).digest('hex');
}
