/** Releasing: a changed package becomes one deployment of the engine and one row that keeps what it says. */
import { createHash } from 'node:crypto';
import type { Core } from '../core/index.ts';
import { checkPackage, type KnownTopic } from './check.ts';
import { compile } from './compile.ts';
import { PackageError } from './finding.ts';
import type { FlowsRepository } from './flows.repository.ts';
import { pack } from './pack.ts';
import { packagePlaces, type Folders, type Place } from './places.ts';
import { readPackage, readShared, type PackageSource, type Read } from './read.ts';

export interface Released {
  flow: string;
  version: number;
  /** False where the newest release says the same already. */
  changed: boolean;
}

export interface ReleaseOptions {
  /** Person who releases; null for the start of the product. */
  by: string | null;
  /** Topics that the workers serve. */
  topics: KnownTopic[];
  /** Packages to release; default: all flows. */
  places?: Place[];
}

type Parts = Pick<Core, 'db' | 'engine' | 'files' | 'time'>;

/**
 * Releases every package that has changed. Two at once wait for one another.
 * @throws PackageError when any package has findings: then none is released; EngineError.
 */
export async function releaseAll(
  core: Parts,
  repository: FlowsRepository,
  folders: Folders,
  options: ReleaseOptions,
): Promise<Released[]> {
  const sources = await readChecked(folders, options);
  return locked(core, async () => {
    const released: Released[] = [];
    for (const source of sources) released.push(await releaseOne(core, repository, source, options.by));
    return released;
  });
}

async function readChecked(folders: Folders, { topics, places }: ReleaseOptions): Promise<PackageSource[]> {
  const shared = valueOf(await readShared(folders));
  const sources: PackageSource[] = [];
  for (const place of places ?? (await packagePlaces(folders)).filter(({ kind }) => kind === 'flow')) {
    const source = valueOf(await readPackage(folders, place, shared));
    const findings = await checkPackage(source, shared, topics);
    if (findings.length > 0) throw new PackageError(findings);
    sources.push(source);
  }
  return sources;
}

function valueOf<T>({ value, findings }: Read<T>): T {
  if (value === undefined) throw new PackageError(findings);
  return value;
}

async function releaseOne(
  { engine, files, time }: Parts,
  repository: FlowsRepository,
  source: PackageSource,
  by: string | null,
): Promise<Released> {
  const packed = await pack(source);
  const compiled = await compile(
    source,
    packed,
    await stored(files, packed.templates),
    await stored(files, source.samples),
  );
  // Over what is kept, not over the files: a release is also made anew when the product reads packages differently.
  const hash = createHash('sha256').update(JSON.stringify(compiled)).digest('hex');
  const newest = await repository.newest(source.id);
  if (newest?.hash === hash) return { flow: source.id, version: newest.version, changed: false };
  const { deploymentId, definitions } = await engine.deploy({ name: source.id, files: packed.files });
  const definition = definitions.find((d) => d.key === source.id);
  if (!definition) throw new Error(`deployment ${deploymentId} has no process ${source.id}`);
  const release = await repository.add({
    flow: source.id,
    definitionId: definition.id,
    deploymentId,
    package: compiled,
    hash,
    at: time.now(),
    by,
  });
  return { flow: release.flow, version: release.version, changed: true };
}

/** Hashes under which the store has them now, by name. */
async function stored(files: Parts['files'], all: Record<string, Uint8Array>): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(all)) hashes[name] = (await files.put(bytes)).hash;
  return hashes;
}

/** A lock of the session, not of a transaction: none may be open while the engine is asked. */
async function locked<T>({ db }: Pick<Core, 'db'>, run: () => Promise<T>): Promise<T> {
  const connection: unknown = await db.client.acquireConnection();
  const name = 'zhunyu releases';
  try {
    await db.raw('select pg_advisory_lock(hashtext(?))', [name]).connection(connection);
    try {
      return await run();
    } finally {
      await db.raw('select pg_advisory_unlock(hashtext(?))', [name]).connection(connection);
    }
  } finally {
    await db.client.releaseConnection(connection);
  }
}
