/** Autosave: a few scalar fields of a form; rows stay where they are. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { SaveAnswer, SaveBody } from '../../../contracts/api/index.ts';
import { checkFields, computeFields, isFixed, type CheckContext } from '../../../contracts/forms/index.ts';
import { isEmpty } from '../../../contracts/kinds/index.ts';
import { invalidInput, stale, type FieldProblem, type Who } from '../core/index.ts';
import { assertOpen, fixedField } from './access.ts';
import type { ServerForm } from './compiled.ts';
import { locked } from './problems.ts';
import type { Sessions } from './session.ts';
import type { Settle } from './settle.ts';
import { merged, type Data, type Version } from './versions.ts';

export type Save = (
  who: Who,
  owner: string,
  form: string,
  body: z.infer<typeof SaveBody>,
) => Promise<z.infer<typeof SaveAnswer>>;

export function createSave(sessions: Sessions, settle: Settle): Save {
  return async (who, owner, name, { edits, set }) => {
    const editing = await sessions.edit(who, owner, name);
    const { form, access } = editing;
    assertKnown(form, set);
    const context = await sessions.context({ step: access.step });
    assertOpen(
      access.open,
      Object.keys(set).map((key) => ({ path: fieldKey(key), label: labelOf(form, key) })),
    );
    const shape = form.shape(set);
    if (shape.length > 0) throw invalidInput({ fields: shape });
    const settled = await settle(editing, [...form.fields.values()], set);
    const version = await sessions.change(editing, async (_trx, current) => {
      assertNotFixed(form, set, current.data, context);
      if (edits !== current.edits && !isRepeated(settled.values, current)) throw staleSave(form, set, current);
      current.data = merged(current.data, settled.values);
      current.data = merged(current.data, computeFields(form, current.data, context));
      for (const key of Object.keys(settled.values)) delete current.sources[key];
      Object.assign(current.sources, settled.sources);
      current.edits += 1;
      return current;
    });
    const signatures = [...form.fields.values()].filter(({ field }) => field.type === 'signature');
    return {
      edits: version.edits,
      savedAt: version.updatedAt!.toISOString(),
      findings: checkFields(form, version.data, context),
      computed: pick(version.data, [
        ...form.computed.map((c) => c.key),
        ...signatures.map(({ field }) => field.key),
        ...settled.changed,
      ]),
      sources: version.sources,
    };
  };
}

const fieldKey = (key: string) => key.replace(/\.reason$/, '');

function labelOf(form: ServerForm, key: string): string {
  return form.fields.get(fieldKey(key))?.field.label ?? key;
}

/** @throws Problem that names unknown fields, tables among them */
function assertKnown(form: ServerForm, set: Data): void {
  const unknown: FieldProblem[] = Object.keys(set)
    .filter((key) => !form.fields.has(fieldKey(key)))
    .map((key) => ({
      path: key,
      zh: form.tables.has(key) ? `「${key}」是表格，逐行保存` : `没有「${key}」这一项。去掉它`,
      en: form.tables.has(key) ? `"${key}" is a table; save its rows` : `There is no field "${key}"`,
    }));
  if (unknown.length > 0) throw invalidInput({ fields: unknown });
}

/** @throws Problem that names fields that nobody types into, or not in this step */
function assertNotFixed(form: ServerForm, set: Data, data: Data, context: CheckContext): void {
  const fixed = [...new Set(Object.keys(set).map(fieldKey))].filter((key) =>
    isFixed(form.fields.get(key)!, data, context),
  );
  if (fixed.length > 0) throw locked({ fields: fixed.map((key) => fixedField(key, labelOf(form, key))) });
}

/** The same save once more, after an answer that got lost. */
const isRepeated = (set: Data, { data }: Version) =>
  Object.entries(set).every(([key, value]) => isDeepStrictEqual(data[key] ?? null, isEmpty(value) ? null : value));

function staleSave(form: ServerForm, set: Data, { data, edits }: Version) {
  const differing = Object.entries(set).filter(([key, value]) => !isDeepStrictEqual(data[key] ?? null, value));
  return stale({
    fields: differing.map(([key]) => ({
      path: key,
      zh: `${labelOf(form, key)}：别处刚改过，两个值都在下面，选一个`,
      en: `${labelOf(form, key)}: changed elsewhere; choose one of both values`,
    })),
    facts: {
      edits,
      theirs: Object.fromEntries(differing.map(([key]) => [key, data[key] ?? null])),
      yours: Object.fromEntries(differing),
    },
  });
}

const pick = (data: Data, keys: string[]) => Object.fromEntries(keys.map((key) => [key, data[key] ?? null]));
