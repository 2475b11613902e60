/** What a named check is, and what it may read. */
import type { Knex } from 'knex';
import type { MaterialItem } from '../../../../../contracts/api/index.ts';
import type { Release } from '../../../../../contracts/flow.ts';
import type { FormRow } from '../../../forms/index.ts';

export interface CheckContext {
  db: Knex;
  /** Case or draft. */
  owner: string;
  release: Release;
  subject: { register: string; id: string } | null;
  /** Day of the check, Asia/Shanghai. */
  today: string;
  /** Day of the application: a draft's is today. */
  appliedOn: string;
  /** Fields of the flow's form. */
  data: Record<string, unknown>;
  rows(table: string): Promise<FormRow[]>;
  materials(): Promise<MaterialItem[]>;
}

export interface CheckFinding {
  /** Place in the form: `uscc`, `signatories/<row>/title`, `materials/<item>`. */
  path: string;
  severity: 'error' | 'warning';
  zh: string;
  en: string;
  /** Where it differs from the check's. */
  basis?: string;
  relatedCase?: string;
}

/** One rule of law over an application; a folder of the model names it in `checks`. */
export interface Check {
  code: string;
  title: { zh: string; en: string };
  /** Law and article. */
  basis: string;
  run(context: CheckContext): Promise<CheckFinding[]> | CheckFinding[];
}

export const REVIEW_CRITERIA = '《检验检测机构资质认定评审准则》';
