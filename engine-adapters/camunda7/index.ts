/** Camunda 7 over its REST interface and its external-task client. */
export { createCamunda7, type Camunda7Options } from './adapter.ts';
export type { Failpoints } from './failpoints.ts';
