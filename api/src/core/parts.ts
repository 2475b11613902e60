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
  /** Institutions that this person acts for. */
  /** Whom an applicant acts for: entries of the registers of institutions, enterprises … */
  institutions: { register: string; id: string; name: string; uscc: string }[];
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
export function groupsOf(who: Who): string[] {
  const granted = who.grants.map((g) => (g.reach === 'tree' ? `${g.role}@${g.office}*` : `${g.role}@${g.office}`));
  return [...granted, ...who.institutions.map((i) => `institution:${i.id}`), `person:${who.personId}`];
}
