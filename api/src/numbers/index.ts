/** Numbers of cases, documents and certificates: by named rules, gap-free, never twice, each in force or void. */
import type { Core } from '../core/index.ts';
import { createNumberService, type Numbers } from './numbers.service.ts';
import { readRules } from './rules.ts';

export type { Account, Draw, Numbers } from './numbers.service.ts';

const RULES = new URL('../../../templates/numbers.json', import.meta.url);

export async function createNumbers(core: Core, rules: string | URL = RULES): Promise<Numbers> {
  return createNumberService(core, await readRules(rules));
}
