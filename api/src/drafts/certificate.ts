/** The certificate of its subject that an application is about. */
import type { FlowJson } from '../../../contracts/flow.ts';
import { stateOf, type CertificateRow } from '../certificates/index.ts';
import { invalidInput, problemKind, shanghaiDay, type Core } from '../core/index.ts';

export const noCertificate = problemKind(
  'no-certificate',
  409,
  '没有可以办理这一事项的证书',
  'There is no certificate that this can be done with',
);

/**
 * The named one, else the only one in a state that the flow asks for; null where the flow is about no certificate.
 *
 * @throws Problem `no-certificate`, `invalid` where it has to be chosen
 */
export async function certificateFor(
  { db, time }: Pick<Core, 'db' | 'time'>,
  { certificate: asked }: Pick<FlowJson, 'certificate'>,
  { subject, wanted }: { subject: string | null; wanted?: string },
): Promise<CertificateRow | null> {
  if (!asked) return null;
  const rows: CertificateRow[] = await db('certificate')
    .where({ institution_id: subject, ...(asked.kind && { kind: asked.kind }) })
    .whereNotIn('state', ['reserved', 'void'])
    .orderBy('number');
  const today = shanghaiDay(time.now());
  const fit = rows.filter((row) => asked.states.includes(stateOf(row, today)));
  if (fit.length === 0) throw noCertificate();
  const found = wanted === undefined && fit.length === 1 ? fit[0] : fit.find(({ id }) => id === wanted);
  if (found) return found;
  const numbers = fit.map(({ number }) => number).join('、');
  throw invalidInput({
    fields: [{ path: 'certificate', zh: `选择证书：${numbers}`, en: `Choose the certificate: ${numbers}` }],
  });
}
