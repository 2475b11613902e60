import type { Check } from '../check.ts';
import { ban } from './ban.ts';
import { capabilities } from './capabilities.ts';
import { lease } from './lease.ts';
import { materials } from './materials.ts';
import { openCase } from './open-case.ts';
import { peopleCount } from './people-count.ts';
import { signatories } from './signatories.ts';
import { staffSums } from './staff-sums.ts';
import { systemAge } from './system-age.ts';
import { technicalDirector } from './technical-director.ts';
import { uscc } from './uscc.ts';

/** Every check that a model may name. */
export const checks = new Map<string, Check>(
  [
    uscc,
    staffSums,
    peopleCount,
    technicalDirector,
    signatories,
    lease,
    systemAge,
    capabilities,
    materials,
    ban,
    openCase,
  ].map((check) => [check.code, check]),
);
