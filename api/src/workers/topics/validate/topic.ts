import { z } from 'zod';
import type { Audit } from '../../../audit/index.ts';
import { defineTopic, type AnyTopic } from '../../../engine/index.ts';
import type { Messages } from '../../../messages/index.ts';
import { idList, permanent } from '../input.ts';
import { checks } from './checks/index.ts';
import type { Finding, Validation } from './validation.ts';

/** Lines of a message; the rest is counted. */
const TOLD = 20;

export interface ValidateDeps {
  validation: Validation;
  audit: Pick<Audit, 'write'>;
  messages: Pick<Messages, 'send'>;
}

export function createTopic({ validation, audit, messages }: ValidateDeps): AnyTopic {
  return defineTopic({
    name: 'validate',
    title: { zh: '校验申请', en: 'Check the application' },
    effect: 'repeat',
    input: z.object({
      checks: idList
        .refine((names) => names.every((name) => checks.has(name)), {
          error: ({ input }) => `没有校验 ${(input as string[]).filter((name) => !checks.has(name)).join('、')}`,
        })
        .describe('校验：名称用逗号分开'),
    }),
    output: z.record(z.string(), z.enum(['passed', 'failed'])),
    errors: [],

    prepare: ({ input, release, caseId, case: row }) =>
      permanent(() =>
        validation.run(input.checks, {
          owner: caseId,
          release,
          subject:
            row.subject_register && row.subject_id ? { register: row.subject_register, id: row.subject_id } : null,
          receivedAt: row.received_at,
        }),
      ),

    async handle(trx, { caseId, case: row, step, visit }, found) {
      const errors = found.filter(({ severity }) => severity === 'error');
      await validation.keep(trx, { caseId, step, visit }, found);
      await audit.write(trx, {
        caseId,
        action: 'case.validated',
        step,
        visit,
        detail: {
          outcome: errors.length > 0 ? `${errors.length} 项不符` : '通过',
          errors: errors.length,
          warnings: found.length - errors.length,
        },
      });
      if (errors.length > 0)
        await messages.send(trx, {
          to: row.institution_id ? { institutionId: row.institution_id } : { personId: row.starter },
          caseId,
          kind: 'correct',
          title: `申请 ${row.number} 有 ${errors.length} 项要改`,
          body: list(errors),
          link: `/cases/${caseId}`,
        });
      return { [`${step}_outcome`]: errors.length > 0 ? ('failed' as const) : ('passed' as const) };
    },
  });
}

function list(errors: Finding[]): string {
  const lines = errors.slice(0, TOLD).map(({ zh, basis }) => `${zh}（${basis}）`);
  if (errors.length > TOLD) lines.push(`另有 ${errors.length - TOLD} 项，见办件。`);
  return lines.join('\n');
}
