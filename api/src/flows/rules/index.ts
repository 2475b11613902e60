/** All rules, in the order in which their findings are shown. */
import type { ModelRule, PackageRule } from '../check.ts';
import { candidates } from './candidates.ts';
import { documents } from './documents.ts';
import { elements } from './elements.ts';
import { ends } from './ends.ts';
import { exits } from './exits.ts';
import { expressions } from './expressions.ts';
import { extensions } from './extensions.ts';
import { forms } from './forms.ts';
import { gateways } from './gateways.ts';
import { lint } from './lint.ts';
import { materials } from './materials.ts';
import { messages } from './messages.ts';
import { onDemand } from './on-demand.ts';
import { outcomes } from './outcomes.ts';
import { properties } from './properties.ts';
import { quorum } from './quorum.ts';
import { references } from './references.ts';
import { returns } from './returns.ts';
import { stepIds } from './step-ids.ts';
import { supplementClock } from './supplement-clock.ts';
import { tables } from './tables.ts';
import { templates } from './templates.ts';
import { threads } from './threads.ts';
import { timers } from './timers.ts';
import { topics } from './topics.ts';

export const modelRules: ModelRule[] = [elements, expressions, stepIds];

export const packageRules: PackageRule[] = [
  references,
  properties,
  gateways,
  candidates,
  threads,
  outcomes,
  quorum,
  topics,
  timers,
  supplementClock,
  exits,
  onDemand,
  extensions,
  returns,
  ends,
  messages,
  documents,
  templates,
  materials,
  forms,
  tables,
  lint,
];
