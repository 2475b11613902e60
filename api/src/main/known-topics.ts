import type { Core } from '../core/index.ts';
import type { KnownTopic, TemplateTopic } from '../flows/index.ts';
import { createTopics, type TopicDeps } from '../workers/topics/index.ts';

/** What models may ask of workers, for checking packages: nothing is run, so the topics need none of their parts. */
export function knownTopics(): (KnownTopic & TemplateTopic)[] {
  return createTopics({} as Core, {} as TopicDeps).map(({ name, title, input, missing }) => ({
    name,
    title,
    input,
    ...(missing && { missing: missing as KnownTopic['missing'] }),
  }));
}
