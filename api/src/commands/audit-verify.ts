/**
 * `npm run audit:verify`: is the audit chain whole. Reads the database that `npm start` uses, whether the product is
 * running or not; ends with 1 when something was changed, removed or added.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from '../../../engine-adapters/launcher/lock.ts';
import { startPostgres } from '../../../engine-adapters/launcher/postgres.ts';
import { readSettings } from '../../../engine-adapters/launcher/settings.ts';
import { createVerify, type Verification } from '../audit/index.ts';
import { openDatabase } from '../core/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** @param url of the product's database, as a role that may read schema app */
export async function verifyAudit(url: string): Promise<{ whole: boolean; text: string }> {
  const db = openDatabase(url, { max: 1 });
  try {
    await db.raw('set search_path = app');
    if (!(await db.schema.hasTable('audit_chain')))
      return { whole: true, text: '还没有审计，先运行 npm start · no audit yet, run npm start first\n' };
    const found = await createVerify({ db })();
    return { whole: found.faults.length === 0, text: describe(found) };
  } finally {
    await db.destroy();
  }
}

function describe({ lines, chains, anchors, lastAnchor, faults }: Verification): string {
  const counts = `${lines} 行 lines，${chains} 条链 chains，${anchors} 个锚点 anchors`;
  const anchor = lastAnchor
    ? `最后一个锚点 last anchor：${lastAnchor.at.toISOString()} ${lastAnchor.hash}\n与日志中记下的对照 · compare it with the one in the log\n`
    : '';
  if (faults.length === 0) return `审计链完整 · the audit is whole：${counts}\n${anchor}`;
  const places = faults.map(({ chain, sequence, zh, en }) => `  ${chain} #${sequence}  ${zh} · ${en}\n`).join('');
  return `审计链有 ${faults.length} 处不符 · ${faults.length} places do not fit：${counts}\n${places}${anchor}`;
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, root);
  // Held by a running product, whose database is then only visited.
  const lock = settings.databaseUrl ? undefined : takeLock(join(settings.dataDir, 'run.lock'));
  const postgres = settings.databaseUrl
    ? undefined
    : await startPostgres({ dataDir: settings.dataDir, report: () => undefined });
  try {
    const { whole, text } = await verifyAudit(settings.databaseUrl ?? postgres?.adminUrl ?? '');
    process.stdout.write(text);
    process.exitCode = whole ? 0 : 1;
  } finally {
    if (lock) await postgres?.stop();
    lock?.release();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
