/** The form format: its shape, ways through it, its conditions and its check. Runs on both sides. */
export * from './check.ts';
export * from './compile.ts';
export type { ConditionContext } from './conditions.ts';
export { compileCondition, isSituation } from './conditions.ts';
export { fieldDifferences, type FieldDifference } from './differences.ts';
export * from './include.ts';
export * from './parse.ts';
export * from './problems.ts';
export * from './schema.ts';
export * from './walk.ts';
