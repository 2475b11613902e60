/** Values that nobody types: proposals of a decision table, signatures. */
import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import { isEmpty, type SignatureValue } from '../../../contracts/kinds/index.ts';
import type { Core } from '../core/index.ts';
import { readOnly } from './problems.ts';
import type { Sessions } from './session.ts';
import { merged, openVersion, writeVersion, type Data, type Place } from './versions.ts';

export interface Put {
  /** Writes values into the working version, opened where it isn't; what a person entered is kept. */
  propose(
    trx: Knex.Transaction,
    proposal: Place & { release: Release; values: Data; source: { zh: string; en: string } },
  ): Promise<void>;
  /** Puts a signature into a field of the version that is worked on. Typing afterwards makes it void. @throws Problem form-read-only */
  sign(trx: Knex.Transaction, signing: Place & { field: string; value: SignatureValue }): Promise<void>;
}

export function createPut(core: Core, sessions: Pick<Sessions, 'compile'>): Put {
  return {
    async propose(trx, { owner, form, release, values, source }) {
      const { fields } = sessions.compile(release, form);
      const at = core.time.now();
      const version = await openVersion(trx, { owner, form }, at, () => Promise.resolve());
      for (const [key, value] of Object.entries(values)) {
        // A value without a source was typed.
        const typed = !isEmpty(version.data[key]) && !version.sources[key];
        if (!fields.has(key) || typed) continue;
        version.data = merged(version.data, { [key]: value });
        version.sources[key] = source;
      }
      await writeVersion(trx, { owner, form }, { ...version, edits: version.edits + 1, updatedAt: at });
    },

    async sign(trx, { owner, form, field, value }) {
      const at = core.time.now();
      const version = await openVersion(trx, { owner, form }, at, () => Promise.reject(readOnly()));
      const data = merged(version.data, { [field]: value });
      await writeVersion(trx, { owner, form }, { ...version, data, edits: version.edits + 1, updatedAt: at });
    },
  };
}
