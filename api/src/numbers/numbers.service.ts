import type { Knex } from 'knex';
import { readSetting, shanghaiDay, type Core, type Setting } from '../core/index.ts';
import { dimensionsOf, fillPattern, scopeKey, scopeSetting, type NumberRule } from './rules.ts';

export interface Draw {
  /** A rule of `templates/numbers.json`. */
  rule: string;
  /** Values of the pattern and the scope: `office`, `office.code`, `authority` …; `year` and `yy` default to today's. */
  scope: Record<string, string>;
  /** What the number is for, such as a receipt or `case:<id>`: asked again it gives the same number. */
  ref: string;
  caseId: string | null;
}

/** Whether every serial of a sequence is reserved, used or void. */
export interface Account {
  rule: string;
  scope: string;
  drawn: number;
  missing: number[];
}

export interface Numbers {
  /**
   * Draws the next number of a sequence, reserved in the caller's transaction: gap-free and never twice, because the
   * sequence waits for that transaction's end. Keep it short.
   * @throws RangeError for an unknown rule or a value that its pattern needs
   */
  draw(trx: Knex.Transaction, draw: Draw): Promise<string>;
  /** The number is in force. */
  use(trx: Knex.Transaction, rule: string, ref: string): Promise<void>;
  /** The number is never used again; `ref` may draw another one. */
  voidNumber(trx: Knex.Transaction, rule: string, ref: string, reason: string): Promise<void>;
  /** Makes void what a case had reserved and not used; returns the numbers. */
  voidReserved(trx: Knex.Transaction, caseId: string, reason: string): Promise<string[]>;
  accounted(rule?: string): Promise<Account[]>;
  /** What the sequences of each rule are counted by. */
  settings: Setting[];
}

export function createNumberService(core: Core, rules: Map<string, NumberRule>): Numbers {
  const { db, time } = core;

  return {
    settings: [...rules.values()].map(scopeSetting),

    async draw(trx, { rule: id, scope, ref, caseId }) {
      const rule = rules.get(id);
      if (!rule) throw new RangeError(`no number rule ${id}`);
      const earlier = await drawn(trx, id, ref);
      if (earlier) return earlier;
      const now = time.now();
      const values = { year: shanghaiDay(now).slice(0, 4), ...scope };
      const all = { yy: values.year.slice(2), ...values };
      const key = scopeKey(await dimensions(trx, rule, values.year), all);
      // The row is locked here; whoever waited looks again for its own earlier draw.
      const { rows } = await trx.raw(
        `insert into number_counter (rule, scope, next) values (?, ?, 1)
         on conflict (rule, scope) do update set next = number_counter.next returning next`,
        [id, key],
      );
      const meanwhile = await drawn(trx, id, ref);
      if (meanwhile) return meanwhile;
      const serial: number = rows[0].next;
      const text = fillPattern(rule.pattern, all, serial);
      await trx('number').insert({
        text,
        rule: id,
        scope: key,
        serial,
        case_id: caseId,
        ref,
        state: 'reserved',
        at: now,
      });
      await trx('number_counter')
        .where({ rule: id, scope: key })
        .update({ next: serial + 1 });
      return text;
    },

    async use(trx, rule, ref) {
      const used = await trx('number').where({ rule, ref }).whereNot({ state: 'void' }).update({ state: 'used' });
      if (used === 0) throw new RangeError(`no number of ${rule} was drawn for ${ref}`);
    },

    async voidNumber(trx, rule, ref, reason) {
      await trx('number').where({ rule, ref }).whereNot({ state: 'void' }).update({ state: 'void', reason });
    },

    async voidReserved(trx, caseId, reason) {
      const rows = await trx('number')
        .where({ case_id: caseId, state: 'reserved' })
        .update({ state: 'void', reason })
        .returning('text');
      return rows.map(({ text }) => text);
    },

    async accounted(rule) {
      const { rows } = await db.raw(
        `select c.rule, c.scope, c.next - 1 as drawn,
           (select coalesce(array_agg(s order by s), '{}') from generate_series(1, c.next - 1) s
            where not exists (select from number n where n.rule = c.rule and n.scope = c.scope and n.serial = s)) as missing
         from number_counter c where c.rule = coalesce(?, c.rule) order by c.rule, c.scope`,
        [rule ?? null],
      );
      return rows;
    },
  };

  async function drawn(trx: Knex.Transaction, rule: string, ref: string): Promise<string | undefined> {
    return (await trx('number').where({ rule, ref }).whereNot({ state: 'void' }).first('text'))?.text;
  }

  /**
   * The setting `numbers.<rule>.scope` may replace the rule's scope from the next year on: a year keeps the scope of its
   * first number, or two sequences would give the same text.
   */
  async function dimensions(trx: Knex.Transaction, rule: NumberRule, year: string): Promise<string[]> {
    const begun = await trx('number_counter')
      .where({ rule: rule.id })
      .whereRaw(`? = any(string_to_array(scope, ','))`, [`year=${year}`])
      .first('scope');
    return begun ? dimensionsOf(begun.scope) : readSetting(trx, scopeSetting(rule));
  }
}
