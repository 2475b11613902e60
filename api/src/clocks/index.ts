/** Statutory limits of cases: they start, stand and end with the steps; due days, timers and warnings follow. */
import type { Core } from '../core/index.ts';
import { createClockService, type ClockDeps, type ClockService } from './clocks.service.ts';
import { createWarnings } from './warnings.ts';

export type { ClockDeps } from './clocks.service.ts';
export { compute, type ClockEvent, type Reading } from './compute.ts';
export { matches } from './course.ts';
export { clockSettings } from './settings.ts';
export { STOP_REASONS, type StopReason } from './reasons.ts';

export interface Clocks extends ClockService {
  /** Computes anew what an older calendar left behind, decides what silence means, warns of what is due. Run every minute; idle costs little. */
  tick(): Promise<void>;
}

export function createClocks(core: Core, deps: ClockDeps): Clocks {
  const service = createClockService(core, deps);
  const warn = createWarnings(core, deps);
  return {
    ...service,
    async tick() {
      await service.recompute();
      await service.deem();
      await warn();
    },
  };
}
