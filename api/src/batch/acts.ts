/** What a batch does with each of its tasks: the same questions and the same acts as for one alone. */
import type { Knex } from 'knex';
import { problemKind, type Who } from '../core/index.ts';
import type { Decide, HandsOver, Held, MayDecide } from '../tasks/index.ts';
import type { BatchOf, Text } from './rows.ts';

const notInBatch = problemKind('not-in-batch', 409, '要逐件办理', 'Has to be done one by one');

export interface ActDeps {
  may: MayDecide;
  decide: Decide;
  handOver: Pick<HandsOver, 'transfer' | 'mayTransfer'>;
}

export interface Act {
  /** What would be done; null where it is the same for all tasks. @throws not-found, outcome-unknown */
  look(who: Who, taskId: string): Promise<{ title: Text; needs: BatchOf['needs'] } | null>;
  /** @throws Problem that says why this task can't be done so now */
  check(on: Knex, who: Who, taskId: string, version: number): Promise<void>;
  carryOut(who: Who, taskId: string, version: number, held: Held): Promise<void>;
}

export function createActs({
  may,
  decide,
  handOver,
}: ActDeps): (batch: Pick<BatchOf, 'act' | 'outcome' | 'to_person' | 'opinion' | 'reason'>) => Act {
  return ({ act, outcome, to_person: to, opinion, reason }) => {
    if (act === 'transfer') {
      const body = (version: number) => ({ to: to!, reason, version });
      return {
        look: () => Promise.resolve(null),
        check: (on, who, taskId, version) => handOver.mayTransfer(on, who, taskId, body(version)),
        async carryOut(who, taskId, version, held) {
          await handOver.transfer(who, taskId, body(version), held);
        },
      };
    }
    const body = (version: number) => ({ outcome: outcome!, opinion, reason: reason || undefined, pins: [], version });
    return {
      async look(who, taskId) {
        const { outcome: chosen } = (await may.find(who, taskId, body(0))).asked;
        const needs = (['opinion', 'reason'] as const).filter((need) => chosen.needs.includes(need));
        return { title: { zh: chosen.zh, en: chosen.en }, needs };
      },
      async check(on, who, taskId, version) {
        const { asked, task } = await may.find(who, taskId, body(version));
        await may.checkTask(on, asked, task);
        const { zh, en, needs } = asked.outcome;
        if (needs.includes('form'))
          throw notInBatch({ zh: `「${zh}」要填表，打开这件办理`, en: `“${en}” needs its form; open the case` });
        if (needs.includes('pins'))
          throw notInBatch({ zh: `「${zh}」要逐项指明，打开这件办理`, en: `“${en}” needs its items; open the case` });
        await may.checkForms(asked);
      },
      async carryOut(who, taskId, version, held) {
        await decide(who, taskId, body(version), held);
      },
    };
  };
}
