import { z } from 'zod';
import type { Audit } from '../../../audit/index.ts';
import type { Certificates } from '../../../certificates/index.ts';
import type { Documents } from '../../../documents/index.ts';
import { defineTopic, type AnyTopic } from '../../../engine/index.ts';
import type { Messages } from '../../../messages/index.ts';
import type { Numbers } from '../../../numbers/index.ts';

const REASONS = { withdrawn: '申请人撤回申请', terminated: '终止办理' };

export interface CloseCaseDeps {
  numbers: Numbers;
  documents: Documents;
  certificates: Certificates;
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
}

export function createTopic({ numbers, documents, certificates, audit, messages }: CloseCaseDeps): AnyTopic {
  return defineTopic({
    name: 'close-case',
    title: { zh: '办结收尾', en: 'Close a case' },
    effect: 'repeat',
    input: z.object({ reason: z.enum(['withdrawn', 'terminated']).describe('为什么办结：撤回申请、终止办理') }),
    output: z.object({}),
    errors: [],

    async handle(trx, { caseId, case: row, step, visit, input }) {
      const reason = REASONS[input.reason];
      await documents.voidReserved(trx, caseId);
      await certificates.voidReserved(trx, caseId);
      for (const number of await numbers.voidReserved(trx, caseId, reason))
        await audit.write(trx, { caseId, action: 'number.void', step, visit, detail: { number, reason } });
      await messages.send(trx, {
        to: row.institution_id ? { institutionId: row.institution_id } : { personId: row.starter },
        caseId,
        kind: 'closed',
        title: `办件 ${row.number} 已办结：${reason}`,
        body: `${row.title}，${reason}，不再办理。`,
        link: `/cases/${caseId}`,
      });
      return {};
    },
  });
}
