/** What the api answers about cases and tasks; the same schemas check, document and type both sides. */
export * from './offers.ts';
export * from './clocks.ts';
export * from './inbox.ts';
export * from './timeline.ts';
export * from './materials.ts';
export * from './progress.ts';
export * from './deciding.ts';
export * from './tasks.ts';
export * from './changes.ts';
export * from './view.ts';
export * from './list.ts';
