import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { EnginePort } from '../../../engine-adapters/port/index.ts';
import type { Failpoints } from './failpoints.ts';
import type { Time } from './time.ts';

/** Encrypted store of files under the SHA-256 (hex) of their plain text. */
export interface FileStore {
  put(bytes: Uint8Array): Promise<{ hash: string; size: number }>;
  /** Throws when the hash is unknown or the stored bytes no longer match it. */
  get(hash: string): Promise<Buffer>;
}

/** Everything that leaves the house. The sandbox records messages, and counterparts of the outside systems answer it. */
export interface Outside {
  /** Asks an outside system; `key` lets it know a repetition. Throws where no answer came. */
  call(call: { system: string; path: string; key: string; body: unknown }): Promise<{ status: number; body: unknown }>;
  send(message: { channel: 'mail' | 'sms'; to: string; subject: string; text: string; key: string }): Promise<void>;
}

/** Settings of a running app; defaults and checks stand in `api/src/main/settings.ts`. */
export interface Settings {
  publicUrl: string;
  rootDivision: string;
  rootOffice: string;
  production: boolean;
  demo: boolean;
  /** Folder for keys and files. */
  dataDir: string;
  sessionSecret: string;
  /** Largest upload in bytes. */
  maxUpload: number;
}

/** What every area gets. Nothing of it is a singleton: each app, test and sandbox run makes its own. */
export interface Core {
  db: Knex;
  engine: EnginePort;
  time: Time;
  files: FileStore;
  outside: Outside;
  settings: Settings;
  failpoints: Failpoints;
  log: Logger;
}

/** Who acts: made from the session by `identity`, asked by every area. */
export interface Who {
  personId: string;
  name: string;
  login: string;
  kind: 'staff' | 'applicant';
  grants: Grant[];
  /** Whom an applicant acts for: entries of the registers of institutions, enterprises … */
  institutions: { register: string; id: string; name: string; uscc: string }[];
  /** Absent people for whom this person acts today. */
  standsIn?: StandIn[];
}

/** An absent person, as far as somebody acts for them. */
export interface StandIn {
  person: { id: string; name: string };
  grants: Grant[];
  /** Group rows that the absent person reads, as `groupsOf` gives them. */
  groups: string[];
  /** Flows to which the absence is limited; null: all. */
  flows: string[] | null;
  /** Beginnings of the codes of divisions to which it is limited, such as `5201`; null: all. */
  divisions: string[] | null;
}

/** What an absence may be limited to. A case without a division stands at that of its office. */
export interface Place {
  flow: string;
  office: string;
  division: string | null;
}

/** Whether somebody acts for the absent person in a case. */
export function covers(
  { flows, divisions }: Pick<StandIn, 'flows' | 'divisions'>,
  { flow, office, division }: Place,
): boolean {
  const at = division ?? office;
  return (flows?.includes(flow) ?? true) && (divisions?.some((code) => at.startsWith(code)) ?? true);
}

/** A role held at an office: `own` sees the office's own tasks, `tree` all below. */
export interface Grant {
  role: string;
  office: string;
  reach: 'own' | 'tree';
  /** With `tree`: may take tasks of offices below too. */
  mayTake: boolean;
}

/**
 * Group rows that this person reads: exact ones for `own`, starred ones for `tree` (RULES, Candidates); applicants
 * read those of their institutions and their own.
 */
export function groupsOf(who: Pick<Who, 'personId' | 'grants' | 'institutions'>): string[] {
  const granted = who.grants.map((g) => (g.reach === 'tree' ? `${g.role}@${g.office}*` : `${g.role}@${g.office}`));
  return [...granted, ...who.institutions.map((i) => `institution:${i.id}`), `person:${who.personId}`];
}
