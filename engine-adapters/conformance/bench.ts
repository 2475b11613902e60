import type { EnginePort } from '../port/index.ts';

/** One engine with a database of its own, for a suite. */
export interface Bench {
  port: EnginePort;
  /** A port to the same engine that knows no token. */
  stranger: EnginePort;
  /** Queries as the role `app`, which owns schema app, reads schema engine and may put triggers on its tables. */
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Runs `act` while a transaction of its own holds what `text` locks. */
  locking(text: string, act: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Makes a bench; `executor` says whether timers fire by themselves. */
export type MakeBench = (options: { executor: boolean }) => Promise<Bench>;
