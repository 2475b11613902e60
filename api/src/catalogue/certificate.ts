/** The certificate of its subject that an application is about. */
import type { StartCertificate } from '../../../contracts/api/index.ts';
import type { FlowJson } from '../../../contracts/flow.ts';
import { stateOf, type CertificateRow } from '../certificates/index.ts';
import { invalidInput, problemKind, shanghaiDay, type Core } from '../core/index.ts';

export const NO_CERTIFICATE = {
  zh: '没有可以办理这一事项的证书',
  en: 'There is no certificate that this can be done with',
};
export const noCertificate = problemKind('no-certificate', 409, NO_CERTIFICATE.zh, NO_CERTIFICATE.en);

export const startCertificate = (
  row: Pick<CertificateRow, 'id' | 'number' | 'institution_id' | 'valid_to'>,
): StartCertificate => ({
  id: row.id,
  number: row.number,
  institution: row.institution_id,
  validTo: row.valid_to,
});

type Asking = Pick<FlowJson, 'certificate'>;

/** Certificates of these subjects that the flow may be about, by number; null where it is about none. */
export async function certificatesFor(
  { db, time }: Pick<Core, 'db' | 'time'>,
  { certificate: asked }: Asking,
  subjects: string[],
): Promise<CertificateRow[] | null> {
  if (!asked) return null;
  const rows: CertificateRow[] = await db('certificate')
    .whereIn('institution_id', subjects)
    .where(asked.kind ? { kind: asked.kind } : {})
    .whereNotIn('state', ['reserved', 'void'])
    .orderBy('number');
  const today = shanghaiDay(time.now());
  return rows.filter((row) => asked.states.includes(stateOf(row, today)));
}

/**
 * The named one, else the only one; null where the flow is about no certificate.
 *
 * @throws Problem `no-certificate`, `invalid` where it has to be chosen
 */
export async function certificateFor(
  core: Pick<Core, 'db' | 'time'>,
  flow: Asking,
  { subject, wanted }: { subject: string | null; wanted?: string },
): Promise<CertificateRow | null> {
  const fit = await certificatesFor(core, flow, subject ? [subject] : []);
  if (!fit) return null;
  if (fit.length === 0) throw noCertificate();
  const found = wanted === undefined && fit.length === 1 ? fit[0] : fit.find(({ id }) => id === wanted);
  if (found) return found;
  const numbers = fit.map(({ number }) => number).join('、');
  throw invalidInput({
    fields: [{ path: 'certificate', zh: `选择证书：${numbers}`, en: `Choose the certificate: ${numbers}` }],
  });
}
