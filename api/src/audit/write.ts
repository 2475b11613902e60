import type { Knex } from 'knex';
import { shanghaiDay, type Core } from '../core/index.ts';
import { hashOfLine, type AuditLine } from './chain.ts';
import type { Told } from './texts.ts';

export interface AuditEvent {
  caseId?: string;
  /** Who acted; null or absent when the product did by itself. */
  personId?: string | null;
  onBehalfOf?: string | null;
  /** Role and office in which the person acted. */
  role?: string | null;
  office?: string | null;
  /** One of the actions in `texts.ts`, or a new one of the same form `thing.happened`. */
  action: string;
  step?: string | null;
  visit?: number | null;
  /** When it happened, where that is not the moment of writing (offline work, paper). */
  occurredAt?: Date | null;
  /** JSON. What `Told` names is written into the sentence, the rest is kept. Never a password or a key. */
  detail?: Told & Record<string, unknown>;
}

export function createWrite(core: Pick<Core, 'time'>) {
  return async (trx: Knex.Transaction, event: AuditEvent): Promise<{ hash: string }> => {
    const at = core.time.now();
    const caseId = event.caseId?.toLowerCase() ?? null;
    const chain = caseId ?? `day:${shanghaiDay(at)}`;
    const head = await lockHead(trx, chain);
    const line: AuditLine = {
      chain,
      sequence: head.sequence + 1,
      previous: head.hash,
      at,
      occurred_at: event.occurredAt ?? null,
      case_id: caseId,
      person_id: event.personId?.toLowerCase() ?? null,
      on_behalf_of: event.onBehalfOf?.toLowerCase() ?? null,
      role: event.role ?? null,
      office: event.office ?? null,
      action: event.action,
      step: event.step ?? null,
      visit: event.visit ?? null,
      // as the database gives it back
      detail: JSON.parse(JSON.stringify(event.detail ?? {})),
    };
    const hash = hashOfLine(line);
    // One statement: the next writer of the chain waits for it.
    await trx('audit_chain')
      .with('line', trx('audit').insert({ ...line, hash }))
      .where({ chain })
      .update({ sequence: line.sequence, hash });
    return { hash };
  };
}

async function lockHead(trx: Knex.Transaction, chain: string): Promise<{ sequence: number; hash: string }> {
  const { rows } = await trx.raw(
    `insert into audit_chain (chain) values (?)
     on conflict (chain) do update set chain = excluded.chain
     returning sequence, hash`,
    [chain],
  );
  return rows[0];
}
