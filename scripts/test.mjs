/**
 * `npm test [part of a path …]`: packages, then every test, stage by stage, on one database server and one engine
 * process. Ends with what failed, once more, and a line `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bringPackages, root } from './packages.mjs';

bringPackages();
const { register } = await import('tsx/esm/api');

/** Heavy ones come last and alone. `jobs`: so many files at once, the largest first, each with its own database. */
const STAGES = [
  { name: 'unit and integration', jobs: 2, of: (file) => !/\.(scenarios|torture|e2e)\.test\.ts$/.test(file) },
  { name: 'scenarios', of: (file) => file.endsWith('.scenarios.test.ts') },
  { name: 'torture', of: (file) => file.endsWith('.torture.test.ts') },
  { name: 'browser', jobs: 2, of: (file) => file.endsWith('.e2e.test.ts') },
];
const FOLDERS = ['contracts', 'engine-adapters', 'api', 'web', 'workflows', 'templates', 'e2e'];
const SKIPPED = new Set(['node_modules', 'target', 'dist']);

const wanted = process.argv.slice(2);
const files = FOLDERS.flatMap((folder) => walk(folder)).filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
const results = join(root, '.data', 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

register();
const [stop] = await Promise.all([startBench(), files.some((file) => file.endsWith('.e2e.test.ts')) && buildPages()]);
let passed = 0;
let failed = 0;
const failures = [];
try {
  for (const stage of STAGES) {
    const own = files.filter(stage.of);
    if (stage.jobs) own.sort((a, b) => sizeOf(b) - sizeOf(a));
    if (own.length > 0) await run(stage, own);
  }
} finally {
  await stop();
}
for (const failure of failures) process.stdout.write(`\n✗ ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

async function run({ name, jobs }, own) {
  const since = Date.now();
  process.stdout.write(`\n── ${name} (${own.length} files)\n`);
  const output = join(results, `${name.replaceAll(' ', '-')}.json`);
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const parallel = jobs ? ['--parallel', '--jobs', String(jobs)] : [];
  const options = ['--import=tsx', '--reporter', 'scripts/reporter.cjs', '--timeout', '60000', '--exit', ...parallel];
  const args = [mocha, ...options, ...own];
  const code = await ended(
    spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, TEST_RESULTS: output } }),
  );
  const tests = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : [];
  const good = tests.filter((test) => test.passed).length;
  passed += good;
  failed += tests.length - good;
  for (const test of tests.filter((one) => !one.passed)) {
    failures.push(`${test.file}\n  ${test.title}\n  ${test.error}`);
  }
  // A stage that broke down before or after its tests counts as a failure too.
  if (code !== 0 && good === tests.length) {
    failed += 1;
    failures.push(`${name}: ended with ${code}`);
  }
  process.stdout.write(`── ${name}: ${((Date.now() - since) / 1000).toFixed(0)} s\n`);
}

/** One PostgreSQL and one engine process for all; one that is running is used and left running. */
async function startBench() {
  const { openBench } = await import('../engine-adapters/launcher/bench-client.ts');
  const file = join(root, '.data', 'bench', 'bench.json');
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).pid : undefined;
  const bench = await openBench();
  return async () => {
    if (bench.pid === before) return;
    process.kill(bench.pid, 'SIGTERM');
    for (let i = 0; i < 100 && alive(bench.pid); i += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  };
}

/** The browser's files would do it two at once. What goes wrong is told by them. */
async function buildPages() {
  const { builtPages } = await import('../e2e/built.ts');
  await builtPages().catch(() => undefined);
}

function sizeOf(file) {
  return statSync(join(root, file)).size;
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function walk(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

function ended(child) {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
