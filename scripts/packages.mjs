/** Brings the packages that the lock file names. Imports nothing outside Node: it runs before they are there. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const LEAST_NODE = [20, 19];
const LEAST_SPACE = 1.5 * 2 ** 30;

/** Runs `npm ci` when packages are missing or of another version. Ends the process with one message when it can't. */
export function bringPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]))
    leave(
      `需要 Node ≥ 20.19，现为 ${process.versions.node}`,
      `Node ≥ 20.19 is needed, this is ${process.versions.node}`,
    );
  if (areThere()) return;
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < LEAST_SPACE)
    leave(`磁盘空间不足 1.5 GB：${root}`, `Less than 1.5 GB of disk space left: ${root}`);
  const since = Date.now();
  process.stdout.write('  … 软件包 packages (npm ci)\n');
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const { status } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (status !== 0)
    leave(
      '软件包未能安装：请检查网络与磁盘后重试',
      'The packages could not be installed: check network and disk, then try again',
    );
  process.stdout.write(`  ✓ 软件包 packages ${((Date.now() - since) / 1000).toFixed(1)} s\n`);
}

/** npm keeps in node_modules a list of what it put there. */
function areThere() {
  const list = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(list, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, dev }]) => {
    const maybe = path === '' || optional || devOptional || (dev && process.env.NODE_ENV === 'production');
    return installed[path] ? installed[path].version === version : maybe;
  });
}

function leave(zh, en) {
  process.stderr.write(`\n  ${zh}\n  ${en}\n`);
  process.exit(1);
}
