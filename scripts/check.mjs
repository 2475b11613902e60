/** `npm run check`: format, lint, types, boundaries, flow packages. All are run; the first that fails does not hide the others. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bringPackages, root } from './packages.mjs';

bringPackages();

const CHECKS = {
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  lint: ['eslint/bin/eslint.js', '.'],
  types: ['typescript/bin/tsc', '--noEmit', '-p', '.'],
  'types of the interface': ['vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'web/tsconfig.json'],
  boundaries: [
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err',
    'api',
    'contracts',
    'engine-adapters',
    'migrations',
    'web/src',
  ],
};

let failed = 0;
const check = (name, args) => {
  const since = Date.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  process.stdout.write(`${status === 0 ? '✓' : '✗'} ${name} ${((Date.now() - since) / 1000).toFixed(1)} s\n`);
  if (status !== 0) failed += 1;
};
for (const [name, [program, ...args]] of Object.entries(CHECKS))
  check(name, [join(root, 'node_modules', program), ...args]);
check('flow packages', [join(root, 'scripts', 'run.mjs'), 'api/src/commands/flow.ts', 'check']);
process.exit(failed > 0 ? 1 : 0);
