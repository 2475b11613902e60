/**
 * `npm run bench [row …] [-- --json]`: the figures that the product has to reach, each beside something measured in the
 * same run. Ends with 1 when one is missed or couldn't be measured; the others are measured all the same. On the test
 * bench: a database without fsync, one engine process.
 */
import { createKit } from './kit.ts';
import { resultOf, type Result, type Row } from './row.ts';
import { annex } from './rows/annex.ts';
import { autosave } from './rows/autosave.ts';
import { caseView } from './rows/case.ts';
import { opened } from './rows/form.ts';
import { imported } from './rows/import.ts';
import { inboxes } from './rows/inbox.ts';
import { moves } from './rows/moves.ts';
import { notice } from './rows/notice.ts';
import { scenario } from './rows/scenario.ts';

const ROWS: Row[] = [autosave, imported, opened, caseView, notice, annex, scenario, moves, ...inboxes];

const args = process.argv.slice(2);
const json = args.includes('--json');
const wanted = args.filter((arg) => !arg.startsWith('--'));
const unknown = wanted.filter((id) => !ROWS.some((row) => row.id === id));
if (unknown.length > 0) {
  console.error(`没有这一行：${unknown.join('、')}。可用：${ROWS.map(({ id }) => id).join(' ')}`);
  process.exit(2);
}

const kit = createKit();
const results: Result[] = [];
let measuring = '';
let failed = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    console.error(`✗ ${measuring}  没有量完：收到 ${signal}`);
    process.exit(1);
  });
for (const row of ROWS.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  measuring = row.id;
  try {
    const result = resultOf(row, await row.measure(kit));
    results.push(result);
    if (!json) console.log(line(result));
  } catch (error) {
    failed = true;
    console.error(`✗ ${row.id}  没有量成：`, error);
  }
}
if (json) console.log(JSON.stringify(results, null, 2));
await kit.close();
process.exit(!failed && results.every(({ reached }) => reached) ? 0 : 1);

function line({ id, title, figure, ms, limit, ratio, reached, runs }: Result): string {
  const beside = ratio ? `；${ratio.to} ${show(ratio.ms)}，本项是它的 ${ratio.value.toFixed(2)} 倍` : '';
  const what = figure === 'median' ? '中位数' : 'p95';
  return `${reached ? '✓' : '✗'} ${id}  ${title}\n    ${what} ${show(ms)}，上限 ${show(limit)}（${(ms / limit).toFixed(2)}），${runs} 次${beside}`;
}

function show(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
