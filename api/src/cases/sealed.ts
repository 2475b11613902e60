/** The sealed application in the file of its case: put there at the start, and again after it was changed and sealed anew. */
import type { Knex } from 'knex';
import type { Release, Step } from '../../../contracts/flow.ts';
import { scalarFields } from '../../../contracts/forms/index.ts';
import type { CaseRow } from '../engine/index.ts';

export interface SealedDeps {
  /** The document that the application's signature is put on; throws where there is none. */
  toSeal(release: Release): { document: string; field: { key: string } };
  documents: {
    file(
      trx: Knex.Transaction,
      of: { case: CaseRow; release: Release; step: string; visit: number; kind: string },
      given: { ref: string; number: string | null; signedHash: string; by?: string },
    ): Promise<string>;
  };
}

interface Sealed {
  row: CaseRow;
  release: Release;
  /** The application's fields. */
  data: Record<string, unknown>;
  by: string;
}

/** As the applicant's own document, in place of an earlier one; nothing where the form has no signature. */
export async function fileSealed(trx: Knex.Transaction, deps: SealedDeps, sealed: Sealed): Promise<void> {
  const { row, release, data, by } = sealed;
  if (!hasSignature(release)) return;
  const { document, field } = deps.toSeal(release);
  const signature = data[field.key] as { hash?: string } | undefined;
  if (!signature?.hash) return;
  const step = release.package.graph.nodes.find((n) => n.type === 'startEvent')?.id ?? 'start';
  await deps.documents.file(
    trx,
    { case: row, release, step, visit: 1, kind: document },
    { ref: `sealed:${row.id}:${signature.hash}`, number: null, signedHash: signature.hash, by },
  );
}

/** For a step in which the applicant changes the application: files what was sealed there, as it was before the decision. */
export function createFileCorrected(
  deps: SealedDeps & {
    forms: { read(owner: string, form: string): Promise<{ data: Record<string, unknown> }> };
  },
) {
  return async (row: CaseRow, release: Release, step: Step) => {
    const { form } = release.package.flow;
    if (step.edits?.form !== form) return null;
    const { data } = await deps.forms.read(row.id, form);
    return (trx: Knex.Transaction, by: string) => fileSealed(trx, deps, { row, release, data, by });
  };
}

function hasSignature(release: Release): boolean {
  return scalarFields(release.package.forms[release.package.flow.form]!).some(
    (field) => field.type === 'signature' && field.properties?.document,
  );
}
