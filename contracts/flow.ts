/** A flow package: what its files say, and what a release keeps of it. */
export * from './flow/text.ts';
export * from './flow/role.ts';
export * from './flow/flow-json.ts';
export * from './flow/documents-json.ts';
export * from './flow/messages-json.ts';
export * from './flow/block-json.ts';
export * from './flow/publication-list.ts';
export * from './flow/step.ts';
export * from './flow/english.ts';
export * from './flow/compiled.ts';
export * from './flow/result.ts';
