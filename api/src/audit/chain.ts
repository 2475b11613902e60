import { createHash } from 'node:crypto';

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

/** SM3 (GB/T 32905) in hex over canonical JSON: UTF-8, no blanks, keys of every object in order of their code units. */
function sm3(value: unknown): string {
  const canonical = JSON.stringify(value, (_, member) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  return createHash('sm3').update(canonical).digest('hex');
}
