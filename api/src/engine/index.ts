/** What stands between the product and the engine: commands to it, events from it, work that it asks for. */
export { createCommands, judge, type CommandRow, type Commands, type MoveSender, type Verdict } from './commands.ts';
export {
  createEvents,
  type CaseEnd,
  type EngineEvent,
  type EventDeps,
  type EventReader,
  type Events,
  type StepChange,
} from './events.ts';
export { createIncidents, type IncidentInput, type Incidents } from './incidents.ts';
export { defineTopic, type AnyTopic, type CaseRow, type SharedNames, type Topic, type TopicWork } from './topic.ts';
export { waitingVisits } from './waiting.ts';
export { startWork, workHandlers, type WorkDeps } from './work.ts';
