/** `sets` of a step: fields of forms that become process variables at its decision. */
import type { Knex } from 'knex';
import type { CompiledFlow, Step } from '../../../contracts/flow.ts';
import { findField } from '../../../contracts/forms/index.ts';
import { namesIn } from '../../../contracts/kinds/index.ts';
import type { Variables } from '../../../engine-adapters/port/index.ts';
import { invalidInput, type FieldProblem } from '../core/index.ts';

/** The engine keeps texts under 4,000 characters. */
const LONGEST = 3999;

/**
 * Values for the variables that a step sets, as the case's forms have them now: of an office, a person or an entry its
 * code or id; a list is joined by commas.
 *
 * @throws Problem `invalid` for a value that is no text, number, yes or no, is too long, or is an empty list that a
 *   part of the model is repeated over: it would have no thread at all (ENGINE.md 19)
 */
export async function valuesSet(
  trx: Knex.Transaction,
  caseId: string,
  step: Step,
  flow: Pick<CompiledFlow, 'forms' | 'graph'>,
): Promise<Variables> {
  const values: Variables = {};
  const fields: FieldProblem[] = [];
  for (const { variable, form, field } of step.sets ?? []) {
    const row = await trx('form_version').where({ owner: caseId, form }).orderBy('version', 'desc').first('data');
    const value = simple(row?.data[field]);
    const label = findField(flow.forms[form]!, field)?.label ?? field;
    const path = `form/${field}`;
    const repeated = flow.graph.nodes.some(({ thread }) => thread?.list === variable);
    if (value === undefined)
      fields.push({ path, zh: `「${label}」不能用来决定流程走向`, en: `“${label}” cannot steer the flow` });
    else if (typeof value === 'string' && value.length > LONGEST)
      fields.push({ path, zh: `「${label}」过长，减少几项`, en: `“${label}” is too long; choose fewer` });
    else if (repeated && (value === null || value === ''))
      fields.push({ path, zh: `「${label}」至少选一项`, en: `Choose at least one in “${label}”` });
    else values[variable] = value;
  }
  if (fields.length > 0) throw invalidInput({ fields });
  return values;
}

/** Undefined where a value cannot be a process variable. */
function simple(value: unknown): string | number | boolean | null | undefined {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return namesIn(value)[0];
  const parts = value.map(simple);
  return parts.every((part) => part !== null && part !== undefined && !String(part).includes(','))
    ? parts.join(',')
    : undefined;
}
