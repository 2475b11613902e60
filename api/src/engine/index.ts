/** What stands between the product and the engine: commands to it, events from it, work that it asks for. */
export { defineTopic, type AnyTopic, type CaseRow, type Topic, type TopicWork } from './topic.ts';
