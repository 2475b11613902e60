/** The demonstration: people and registers that every world begins with, and a province with cases in the middle of their lives. */
export { accountTable, DEMO_PASSWORD, DEMO_PEOPLE, demoAccounts, seedDemo, type DemoServices } from './people.ts';
export { provinceAccounts, seedProvince, type Cast } from './province.ts';
export { readErrands, type Errand } from './office.ts';
export { opensAt, playStories, type Played, type Progress } from './play.ts';
export { readStories, type Story } from './stories.ts';
