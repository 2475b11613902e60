/** What every area gets: the parts of an app, injected time, errors that people see, and the one way to write a route. */
export * from './database.ts';
export * from './failpoints.ts';
export * from './http.ts';
export * from './in-turn.ts';
export * from './listen.ts';
export * from './parts.ts';
export * from './problem.ts';
export * from './public-database.ts';
export * from './rate-limit.ts';
export * from './setting.ts';
export * from './time.ts';
