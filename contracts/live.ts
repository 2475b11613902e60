/** What a page hears while it is open: only that something has changed, never what; it asks for that itself. */

/**
 * `inbox` open tasks, `done` one's own decisions, `cases` lists of cases, `messages`, `imports`, `batches`: of the person;
 * `case` and `presence`: of the case that the page named.
 */
export const LIVE_KINDS = ['inbox', 'done', 'cases', 'messages', 'imports', 'batches', 'case', 'presence'] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];

/**
 * Names of the events of the stream: `ready` = listening from now on, so whatever is shown is asked for again;
 * `changed` = data is the kinds, with spaces between; `ended` = signed out, or the rights have changed.
 */
export type LiveEvent = 'ready' | 'changed' | 'ended';
