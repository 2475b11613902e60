import type { Knex } from 'knex';
import type { Core } from '../core/index.ts';
import { hashOfAnchor, hashOfLine } from './chain.ts';

/** One place where the audit isn't what was written. */
export interface AuditFault {
  /** Case id, `day:2026-11-21`, or `anchor`. */
  chain: string;
  /** Place in the chain, from 1. For anchors their id. */
  sequence: number;
  zh: string;
  en: string;
}

export interface Verification {
  lines: number;
  chains: number;
  anchors: number;
  /** To be compared with what was noted elsewhere (the log). */
  lastAnchor: { at: Date; hash: string } | null;
  faults: AuditFault[];
}

const PAGE = 5000;

export function createVerify(core: Pick<Core, 'db'>) {
  return (): Promise<Verification> =>
    core.db.transaction(
      async (trx) => {
        const lines = await walkLines(trx);
        const anchors = await walkAnchors(trx);
        const lost = [...(await lostTails(trx)), ...(await lostHeads(trx))];
        const faults = [...lines.faults, ...lost, ...anchors.faults];
        return { ...anchors, ...lines, faults };
      },
      { isolationLevel: 'repeatable read', readOnly: true },
    );
}

/** Every line: its text gives its hash, it names the line before it, and none is missing between them. */
async function walkLines(trx: Knex.Transaction) {
  const faults: AuditFault[] = [];
  let before = { chain: '', sequence: 0, hash: '' };
  let lines = 0;
  let chains = 0;
  for (;;) {
    const rows = await trx('audit')
      .whereRaw('(chain, sequence) > (?, ?)', [before.chain, before.sequence])
      .orderBy(['chain', 'sequence'])
      .limit(PAGE);
    for (const row of rows) {
      if (row.chain !== before.chain) {
        before = { chain: row.chain, sequence: 0, hash: '' };
        chains += 1;
      }
      const at = { chain: row.chain, sequence: row.sequence };
      if (hashOfLine(row) !== row.hash) faults.push({ ...at, ...CHANGED });
      else if (row.sequence !== before.sequence + 1)
        faults.push({ ...at, sequence: before.sequence + 1, ...removed(before.sequence + 1, row.sequence - 1) });
      else if (row.previous !== before.hash) faults.push({ ...at, ...UNLINKED });
      before = { ...at, hash: row.hash };
    }
    lines += rows.length;
    if (rows.length < PAGE) return { lines, chains, faults };
  }
}

async function walkAnchors(trx: Knex.Transaction) {
  const faults: AuditFault[] = [];
  let anchors = 0;
  let last = null as { id: string; at: Date; hash: string } | null;
  for (;;) {
    const rows = await trx('audit_anchor')
      .where('id', '>', last?.id ?? 0)
      .orderBy('id')
      .limit(PAGE / 10);
    for (const { id, at, heads, previous, hash } of rows) {
      const place = { chain: 'anchor', sequence: Number(id) };
      if (hashOfAnchor({ at, heads, previous }) !== hash) faults.push({ ...place, ...CHANGED });
      else if (previous !== (last?.hash ?? '')) faults.push({ ...place, ...UNLINKED });
      last = { id, at, hash };
    }
    anchors += rows.length;
    if (rows.length < PAGE / 10) return { anchors, lastAnchor: last && { at: last.at, hash: last.hash }, faults };
  }
}

/** Chains whose last line isn't the one that was written last. */
async function lostTails(trx: Knex.Transaction): Promise<AuditFault[]> {
  const { rows } = await trx.raw(`
    select coalesce(c.chain, a.chain) as chain, c.sequence as noted, a.sequence as found
    from audit_chain c
    full join (select distinct on (chain) chain, sequence, hash from audit order by chain, sequence desc) a using (chain)
    where (c.sequence, c.hash) is distinct from (a.sequence, a.hash) and coalesce(c.sequence, 1) > 0
    order by 1 limit 1000`);
  return rows.map((row: { chain: string; noted: number | null; found: number | null }) => {
    const noted = row.noted ?? 0;
    const found = row.found ?? 0;
    if (noted > found) return { chain: row.chain, sequence: found + 1, ...removed(found + 1, noted) };
    return { chain: row.chain, sequence: noted + 1, ...UNLINKED };
  });
}

/** Heads that an anchor names and that no line has any more. */
async function lostHeads(trx: Knex.Transaction): Promise<AuditFault[]> {
  const { rows } = await trx.raw(`
    select h.key as chain, n.id from audit_anchor n, jsonb_each_text(n.heads) h
    where not exists (select from audit a where a.chain = h.key and a.hash = h.value)
    order by n.id limit 1000`);
  return rows.map((row: { chain: string; id: string }) => ({
    chain: row.chain,
    sequence: 0,
    zh: `第 ${row.id} 个锚点记下的最后一行已不在链上`,
    en: `The last line that anchor ${row.id} noted is no longer in the chain`,
  }));
}

const CHANGED = { zh: '这一行写入后被改过或挪过位置', en: 'This line was changed or moved after it was written' };
const UNLINKED = {
  zh: '这一行接不上前一行：前一行被替换，或这一行是后加的',
  en: 'This line does not follow the one before it: that one was replaced, or this one was added later',
};

function removed(from: number, to: number) {
  return from === to
    ? { zh: `第 ${from} 行被删除`, en: `Line ${from} was removed` }
    : { zh: `第 ${from} 至 ${to} 行被删除`, en: `Lines ${from} to ${to} were removed` };
}
