import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import PizZip from 'pizzip';
import type { Java } from './java.ts';
import { Problem, isNoSpace, noSpace, type Report } from './problem.ts';

const run = promisify(execFile);
/** Its default export is hidden from an import, which sees CommonJS. */
const mvn: typeof import('mvn-artifact-download') = createRequire(import.meta.url)('mvn-artifact-download');
const PRIVATE = '3.9.11';
/** What the plugins of the engine's project ask for. */
const LEAST = [3, 6, 3];

/** Runs `mvn package` in the folder: with the Maven of this machine and its settings, else with a private one. */
export async function runMaven(o: {
  dataDir: string;
  java: Java;
  folder: string;
  report: Report;
  signal?: AbortSignal;
}): Promise<void> {
  const home = join(o.dataDir, 'maven');
  const program = (await isUsable('mvn')) ? 'mvn' : await privateMaven(home, o.report);
  const repository = existsSync(join(homedir(), '.m2')) ? [] : [`-Dmaven.repo.local=${join(home, 'repository')}`];
  const javaHome = o.java.path.includes('/') ? { JAVA_HOME: dirname(dirname(o.java.path)) } : {};
  const options = [process.env.MAVEN_OPTS, ...o.java.args].filter(Boolean).join(' ');
  const log = join(o.dataDir, 'engine', 'build.log');
  try {
    const { stdout } = await run(
      program,
      ['--batch-mode', '--no-transfer-progress', '--file', join(o.folder, 'pom.xml'), ...repository, 'package'],
      {
        env: { ...process.env, ...javaHome, MAVEN_OPTS: options },
        maxBuffer: 64 * 2 ** 20,
        signal: o.signal,
      },
    );
    writeFileSync(log, stdout);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    if (isNoSpace(stdout + stderr)) throw noSpace(o.dataDir, error);
    writeFileSync(log, stdout + stderr);
    throw new Problem(
      'engine-build',
      `流程引擎构建失败（需要能访问 Maven 仓库），详见 ${log}`,
      `The engine could not be built (a Maven repository must be reachable), see ${log}`,
      error,
    );
  }
}

async function isUsable(program: string): Promise<boolean> {
  try {
    const { stdout } = await run(program, ['--version']);
    const [, ...version] = /Apache Maven (\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? [];
    return version.length === 3 && compare(version.map(Number), LEAST) >= 0;
  } catch {
    return false;
  }
}

const compare = (a: number[], b: number[]) =>
  a.map((part, i) => part - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;

async function privateMaven(home: string, report: Report): Promise<string> {
  const folder = join(home, `apache-maven-${PRIVATE}`);
  const program = join(folder, 'bin', 'mvn');
  if (existsSync(program)) return program;
  report('本机没有 Maven，正在下载私有的一份（9 MB，只放在数据目录中）');
  mkdirSync(home, { recursive: true });
  const work = mkdtempSync(join(home, 'new-'));
  try {
    const zip = new PizZip(readFileSync(await mvn.default(`org.apache.maven:apache-maven:zip:bin:${PRIVATE}`, work)));
    for (const [name, entry] of Object.entries(zip.files)) {
      if (entry.dir) continue;
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), entry.asUint8Array());
    }
    chmodSync(join(work, `apache-maven-${PRIVATE}`, 'bin', 'mvn'), 0o755);
    renameSync(join(work, `apache-maven-${PRIVATE}`), folder);
  } catch (error) {
    throw new Problem(
      'no-maven',
      '无法下载 Maven：请检查网络，或安装 Maven 3.9',
      'Maven could not be downloaded: check the network, or install Maven 3.9',
      error,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}
