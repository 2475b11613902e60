import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PizZip from 'pizzip';
import type { Java } from './java.ts';
import { runMaven } from './maven.ts';
import type { Report } from './problem.ts';
import { hashOf } from './sources.ts';

const SOURCES = fileURLToPath(new URL('../server', import.meta.url));
const PARTS = ['pom.xml', 'src'];
/** In the order in which the engine itself applies them. */
const SCRIPTS = ['engine', 'history', 'identity', 'case.engine', 'case.history', 'decision.engine', 'decision.history'];

/**
 * The engine's jar, built from `engine-adapters/server` once per state of its sources: `<dataDir>/engine/<hash>.jar`.
 * Older ones are removed.
 */
export async function buildEngineJar(o: {
  dataDir: string;
  java: Java;
  report: Report;
  signal?: AbortSignal;
}): Promise<string> {
  const folder = join(o.dataDir, 'engine');
  const hash = hashOf(SOURCES, PARTS);
  const jar = join(folder, `${hash}.jar`);
  if (existsSync(jar)) return jar;
  const work = join(folder, `build-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    for (const file of PARTS) cpSync(join(SOURCES, file), join(work, file), { recursive: true });
    await runMaven({ ...o, folder: work });
    const built = join(work, 'target', 'engine.jar');
    writeFileSync(schemaOf(jar), readSchema(built));
    renameSync(built, jar);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  for (const name of readdirSync(folder)) {
    if (/^[0-9a-f]{16}\./.test(name) && !name.startsWith(hash)) rmSync(join(folder, name));
  }
  return jar;
}

/** SQL that makes the engine's tables in the first schema of the search path: the scripts inside the jar. */
export const engineSchema = (jar: string) => readFileSync(schemaOf(jar), 'utf8');

const schemaOf = (jar: string) => jar.replace(/\.jar$/, '.sql');
function readSchema(jar: string): string {
  const outer = new PizZip(readFileSync(jar));
  const inner = new PizZip(only(outer, (path) => /\/camunda-engine-[\d.]+\.jar$/.test(path)).asUint8Array());
  return SCRIPTS.map((script) =>
    only(inner, (path) => path.endsWith(`/db/create/activiti.postgres.create.${script}.sql`)).asText(),
  ).join('\n');
}

function only(zip: PizZip, wanted: (path: string) => boolean) {
  const path = Object.keys(zip.files).find(wanted);
  const entry = path === undefined ? null : zip.file(path);
  if (!entry) throw new Error('The engine’s jar does not hold the expected files');
  return entry;
}
