import type { EnginePort } from '../../../engine-adapters/port/index.ts';
import type { Time } from '../core/index.ts';

export interface Account {
  login: string;
  password: string;
}

/** What a scenario runs in: an app with a database and an engine of its own, whose executor is off. */
export interface World {
  /** Where its api answers, without `/api/v1`. */
  url: string;
  time: Time;
  engine: EnginePort;
  /** By the name that scenarios use: 申请人, 受理岗, 评审岗, 审查岗, 决定岗 … */
  people: Record<string, Account>;
  /** What was decided in a case, as `<step>=<outcome>`. */
  outcomes(caseId: string): Promise<string[]>;
  /** Waits until nothing is left to do by itself at the app's time. */
  quiet(): Promise<void>;
  close(): Promise<void>;
  /** Closes it, and keeps what other worlds can begin from. */
  keep(): Promise<Ground>;
}

/** What worlds stand on: a database and the file store that belongs to it. */
export interface Ground {
  /** Name of the database to copy. */
  template: string;
  /** Folder to copy: files and the key that opens them. */
  dataDir: string;
}

/** Opens a world whose time begins at this moment; without `on` nothing has happened in it. */
export type OpenWorld = (options: { at: Date; on?: Ground }) => Promise<World>;
