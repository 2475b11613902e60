/**
 * Ground that worlds stand on: a database with people, registers, calendar and released packages, and the file store
 * that belongs to it. Made once per state of the sources; a world copies it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchDatabase } from '../../../engine-adapters/launcher/bench-client.ts';
import { migratedTemplate, templateDatabase } from '../core/testing.ts';
import { PackageError, packagePlaces, type Folders } from '../flows/index.ts';
import { seedDemo } from './demonstration/index.ts';
import type { Ground } from '../scenarios/index.ts';
import { knownTopics } from './known-topics.ts';
import { openSite, type SiteOptions } from './site.ts';

export interface GroundOptions {
  folders: Folders;
  /** Whether starters, examples and the flows that blocks are tried in are released too. */
  everything: boolean;
}

/** Before everything that scenarios do, in a year of the calendar. */
const BEGINS = new Date('2024-01-02T09:00:00+08:00');
const SOURCES = ['api/src', 'api/data', 'contracts', 'engine-adapters', 'migrations'];
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The ground of these sources, made where nobody has made it yet. */
export async function groundOf(bench: Bench, options: GroundOptions, words: SiteOptions['words']): Promise<Ground> {
  const { folders, everything } = options;
  const hash = createHash('sha256').update(String(everything));
  for (const folder of [...SOURCES.map((source) => join(root, source)), folders.workflows, folders.templates])
    addFolder(hash, folder, folder);
  const template = `ground_${hash.digest('hex').slice(0, 16)}`;
  const dataDir = join(bench.folder, 'grounds', template);
  await templateDatabase(
    bench,
    template,
    async (name) => {
      await rm(dataDir, { recursive: true, force: true });
      const making = `${dataDir}.new`;
      await rm(making, { recursive: true, force: true });
      await mkdir(making, { recursive: true });
      const database = await bench.createDatabase({ name, template: await migratedTemplate(bench) });
      await seed(bench, database, making, options, words);
      await rename(making, dataDir);
    },
    () => existsSync(dataDir),
  );
  return { template, dataDir };
}

async function seed(
  bench: Bench,
  database: BenchDatabase,
  dataDir: string,
  { folders, everything }: GroundOptions,
  words: SiteOptions['words'],
): Promise<void> {
  const opened = await bench.openEngine(database);
  const site = await openSite({ opened, database, dataDir, at: BEGINS, words, rolesFile: rolesFileOf(folders) });
  try {
    const places = (await packagePlaces(folders)).filter(({ kind }) => everything || kind === 'flow');
    for (const place of places)
      await site.app.flows.release(folders, { by: null, topics: knownTopics(), places: [place] }).catch(broken);
    await seedDemo({ core: site.core, ...site.app });
  } finally {
    await site.close();
  }
}

/** A package that has to be mended keeps no other from being tried; whoever asks for it finds it missing. */
function broken(error: unknown): void {
  if (!(error instanceof PackageError)) throw error;
}

export function rolesFileOf({ workflows }: Folders): string {
  return join(workflows, 'shared/roles.json');
}

/** Names below `base`, so that the same files in another place are the same ground. */
function addFolder(hash: ReturnType<typeof createHash>, folder: string, base: string): void {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'target', 'scenarios', 'server'].includes(entry.name)) addFolder(hash, path, base);
    } else if (!/\.(test\.ts|md)$/.test(entry.name)) hash.update(relative(base, path)).update(readFileSync(path));
  }
}
