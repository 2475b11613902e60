import type { Knex } from 'knex';
import type { Release } from '../../../contracts/flow.ts';
import { isEmpty } from '../../../contracts/kinds/index.ts';
import type { Core } from '../core/index.ts';
import type { Sessions } from './session.ts';
import { openVersion, writeVersion, type Data, type Place } from './versions.ts';

export interface Proposal extends Place {
  release: Release;
  values: Data;
  /** Shown beside the fields until somebody changes them. */
  source: { zh: string; en: string };
}

/** Fills fields that are empty or were proposed before; what a person entered stays. */
export function createPropose(core: Core, sessions: Sessions) {
  return async (trx: Knex.Transaction, { owner, form, release, values, source }: Proposal): Promise<void> => {
    const { fields } = sessions.compile(release, form);
    const at = core.time.now();
    const version = await openVersion(trx, { owner, form }, at, () => Promise.resolve());
    for (const [key, value] of Object.entries(values)) {
      const free = isEmpty(version.data[key]) || version.sources[key];
      if (!fields.has(key) || !free) continue;
      version.data[key] = value;
      version.sources[key] = source;
    }
    await writeVersion(trx, { owner, form }, { ...version, edits: version.edits + 1, updatedAt: at });
  };
}
