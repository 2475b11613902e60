/** What the product sees of a process engine. Nothing here, and nothing that passes here, is particular to one engine. */
export type {
  ActivityNode,
  Definition,
  Deployed,
  Deployment,
  EnginePort,
  FoundInstance,
  Incident,
  Job,
  JobQuery,
  Migration,
  MoveInstruction,
  OpenWork,
  Transition,
  Value,
  Variables,
} from './engine.ts';
export { NEVER } from './engine.ts';
export type { EngineWorker, Work, WorkHandler, WorkReport, WorkerOptions } from './work.ts';
export type { EngineErrorKind } from './errors.ts';
export { BusinessError, EngineError, PermanentError, RetryableError } from './errors.ts';
