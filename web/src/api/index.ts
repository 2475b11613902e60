/** Talking to the server: client, problems, actions of a person, types of the answers. */
export * from './action.ts';
export * from './client.ts';
export * from './pages.ts';
export * from './problem.ts';
export * from './query.ts';
export type * from './types.ts';
