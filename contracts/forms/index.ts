/** The form format: its shape, ways through it, its conditions and its check. Runs on both sides. */
export * from './schema.ts';
export * from './walk.ts';
