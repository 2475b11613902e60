import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Problem, type Report } from './problem.ts';

/** What playwright's `chromium.launch` takes. */
export interface Browser {
  executablePath: string;
  args: string[];
  /** The environment of this process, and a font configuration that knows Chinese. */
  env: Record<string, string>;
}

const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const WEIGHTS = ['400Regular', '500Medium', '700Bold'];
const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** A Chromium: of CHROMIUM, an installed one, else the one that npm brought, unpacked once under `<dataDir>/browser`. */
export async function findChromium({ dataDir, report }: { dataDir: string; report: Report }): Promise<Browser> {
  const home = join(dataDir, 'browser');
  mkdirSync(home, { recursive: true });
  const env = { ...definedEnvironment(), FONTCONFIG_FILE: writeFontConfiguration(home) };
  const given = process.env.CHROMIUM;
  if (given && !(await starts(given, env)))
    throw new Problem(
      'no-browser',
      `CHROMIUM 指向的浏览器无法启动：${given}`,
      `The browser that CHROMIUM names does not start: ${given}`,
    );
  for (const path of given ? [given] : INSTALLED) {
    if (await starts(path, env)) return { executablePath: await located(path), args: [], env };
  }
  const folder = join(home, `chromium-${packagedVersion()}`);
  if (!existsSync(folder)) await unpack(folder, report);
  const executablePath = join(folder, 'chromium');
  // the libraries that a bare machine lacks; where it has its own, those fit better
  const bare = { ...env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  for (const environment of [env, bare]) {
    if (await starts(executablePath, environment)) return { executablePath, args: [], env: environment };
  }
  throw new Problem(
    'no-browser',
    '没有可用的浏览器：请安装 Chromium，或用 CHROMIUM 指明',
    'There is no browser that works: install Chromium, or name one with CHROMIUM',
  );
}

async function starts(path: string, env: Record<string, string>): Promise<boolean> {
  try {
    await run(path, ['--version', '--no-sandbox', '--headless'], { env });
    return true;
  } catch {
    return false;
  }
}

async function located(program: string): Promise<string> {
  return program.includes('/') ? program : (await run('sh', ['-c', `command -v ${program}`])).stdout.trim();
}

/** The package unpacks into the temporary folder of its process, and its libraries only where it believes to be in a cloud. */
async function unpack(folder: string, report: Report): Promise<void> {
  report('解开 npm 带来的浏览器 · unpacking the browser that npm brought');
  const work = mkdtempSync(`${folder}-`);
  const script = `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`;
  const env = { ...process.env, TMPDIR: work, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  try {
    await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname, env });
    moveUnlessThere(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Two processes may make the same at once: who comes second leaves what is there. */
function moveUnlessThere(work: string, folder: string): void {
  try {
    renameSync(work, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

/** The package doesn't export its own description. */
function packagedVersion(): string {
  const root = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..');
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

/** Headless machines have no Chinese fonts; these come from npm. */
function writeFontConfiguration(home: string): string {
  const folders = ['noto-sans-sc', 'noto-serif-sc'].flatMap((family) => {
    const root = dirname(require.resolve(`@expo-google-fonts/${family}/package.json`));
    return WEIGHTS.map((weight) => join(root, weight));
  });
  const alias = (generic: string, family: string) =>
    `<alias><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`;
  const path = join(home, 'fonts.conf');
  const half = `${path}.${process.pid}`;
  writeFileSync(
    half,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${folders.map((folder) => `<dir>${folder}</dir>`).join('\n')}
<cachedir>${join(home, 'font-cache')}</cachedir>
${alias('sans-serif', 'Noto Sans SC')}
${alias('serif', 'Noto Serif SC')}
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
</fontconfig>
`,
  );
  // A browser that starts meanwhile reads the one or the other, never half of it.
  renameSync(half, path);
  return path;
}

const definedEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
