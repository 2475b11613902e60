/**
 * Where scenarios run: each in a whole product of its own (a world), with a database, an engine, an app with its workers
 * and people in every role. Nothing in it reaches anything real; what would leave the house is recorded.
 */
import { randomUUID } from 'node:crypto';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBench, type BenchDatabase, type BenchEngine } from '../../../engine-adapters/launcher/bench-client.ts';
import type { EnginePort } from '../../../engine-adapters/port/index.ts';
import type { Failpoints, Time } from '../core/index.ts';
import { createFonts, createWordToPdf, keepingResults } from '../documents/index.ts';
import type { Ground } from '../scenarios/index.ts';
import { demoAccounts } from './demonstration/index.ts';
import { groundOf, rolesFileOf, type GroundOptions } from './seeded.ts';
import { openSite, type Site } from './site.ts';

export interface World extends Site {
  time: Time;
  engine: EnginePort;
  /** People by their title (受理岗, 申请人 …). */
  people: Record<string, { login: string; password: string }>;
  databaseUrl: string;
  /** What was decided in a case, as `<step>=<outcome>`. */
  outcomes(caseId: string): Promise<string[]>;
  /** Waits until nothing is left to do by itself. */
  quiet(): Promise<void>;
  /** Closes it, and keeps what other worlds can begin from until the sandbox closes. */
  keep(): Promise<Ground>;
}

export interface WorldOptions {
  /** When its time begins; default now. */
  at?: Date;
  /** What it begins from; default: nothing has happened yet. */
  on?: Ground;
  /** Built web pages to serve. */
  webDir?: string;
  /** Where a test cuts or delays. */
  failpoints?: Failpoints;
}

export interface Sandbox {
  openWorld(options?: WorldOptions): Promise<World>;
  close(): Promise<void>;
}

const folder = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
/** Bytes of documents whose PDFs are kept: applications of many scenarios are the same. */
const KEPT_BYTES = 64 * 2 ** 20;

/** A copy of the ground with an engine on it: what a world needs before anybody comes. */
interface Copy {
  database: BenchDatabase;
  dataDir: string;
  opened: BenchEngine;
}

export interface SandboxOptions extends GroundOptions {
  /** Whether the next world's database and engine are made while the one before is used: for many worlds in a row. */
  ahead: boolean;
}

/** Worlds of one sandbox share the converter of documents, which takes seconds to start and 1.3 GB. */
export async function createSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const bench = await openBench();
  const { folders = { workflows: folder('workflows'), templates: folder('templates') } } = options;
  const words = keepingResults(createWordToPdf({ fonts: createFonts(), dataDir: bench.folder }), KEPT_BYTES);
  const wanted = { folders, everything: options.everything ?? false };
  let ground: Promise<Ground> | undefined;
  const kept: Copy[] = [];
  let next: Promise<Copy> | undefined;

  async function copyOf({ template, dataDir: from }: Ground): Promise<Copy> {
    const database = await bench.createDatabase({ template });
    const dataDir = join(bench.folder, 'worlds', randomUUID());
    await cp(from, dataDir, { recursive: true });
    return { database, dataDir, opened: await bench.openEngine(database) };
  }

  const copy = async (): Promise<Copy> => copyOf(await (ground ??= groundOf(bench, wanted, words)));

  function take(): Promise<Copy> {
    const taken = next ?? copy();
    if (options.ahead) {
      next = taken.then(copy);
      next.catch(() => undefined); // told to whoever takes it
    }
    return taken;
  }

  async function remove({ database, dataDir }: Copy): Promise<void> {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  }

  return {
    async openWorld({ at = new Date(), on, webDir, failpoints } = {}) {
      const taken = await (on ? copyOf(on) : take());
      const { database, dataDir, opened } = taken;
      const rolesFile = rolesFileOf(folders);
      const places = { opened, database, dataDir, rolesFile, ...(webDir && { webDir }) };
      const site = await openSite({ ...places, at, words, ...(failpoints && { failpoints }) });
      return {
        ...site,
        time: site.core.time,
        engine: site.core.engine,
        people: demoAccounts(),
        databaseUrl: database.runUrl,
        async outcomes(caseId) {
          const done = await site.core
            .db('decision')
            .where({ case_id: caseId, state: 'done' })
            .select('step', 'outcome');
          return done.map(({ step, outcome }) => `${step}=${outcome}`);
        },
        quiet: site.app.quiet,
        async close() {
          await site.close();
          await remove(taken);
        },
        async keep() {
          await site.close();
          kept.push(taken);
          return { template: database.name, dataDir };
        },
      };
    },
    async close() {
      const left = await next?.catch(() => undefined);
      await left?.opened.close();
      for (const each of left ? [...kept, left] : kept) await remove(each);
      await words.stop();
    },
  };
}
