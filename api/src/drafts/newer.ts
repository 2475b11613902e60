/** Drafts that were begun with an earlier release: a case begins with the one that is in force when it is submitted. */
import type { Knex } from 'knex';
import type { NewerForm } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { fieldDifferences } from '../../../contracts/forms/index.ts';
import { problemKind, type Core } from '../core/index.ts';

export const formChanged = problemKind('form-changed', 409, '表单已有新版', 'The form has a newer version');

export interface NewerDeps {
  flows: { current(flow: string): Promise<Release>; get(id: string): Promise<Release> };
  forms: {
    lost(of: { owner: string; form: string; from: Release; to: Release }): Promise<Map<string, string>>;
    carryOver(trx: Knex.Transaction, of: { owner: string; form: string; to: Release }): Promise<void>;
  };
}

export interface BegunDraft {
  id: string;
  flow: string;
  form: string;
  release_id: string;
}

export interface NewerForms {
  /** What differs; null for a draft of the newest release. */
  of(draft: BegunDraft): Promise<NewerForm | null>;
  /** Carries the draft over to the newest release. */
  take(draft: BegunDraft): Promise<void>;
  /** The release to submit with. @throws Problem `form-changed` where people have to look at what differs first */
  toSubmit(draft: BegunDraft): Promise<Release>;
}

export function createNewerForms(core: Core, { flows, forms }: NewerDeps): NewerForms {
  async function of(draft: BegunDraft): Promise<NewerForm | null> {
    const to = await flows.current(draft.flow);
    if (to.id === draft.release_id) return null;
    const from = await flows.get(draft.release_id);
    const lost = await forms.lost({ owner: draft.id, form: draft.form, from, to });
    const schema = ({ package: { forms } }: Release) => forms[draft.form]!;
    const fields = fieldDifferences(schema(from), schema(to)).map((one) => ({
      ...one,
      lost: lost.get(one.path) ?? null,
    }));
    return { differences: [...fields, ...materialDifferences(from, to)] };
  }

  async function take(draft: BegunDraft): Promise<void> {
    const to = await flows.current(draft.flow);
    await core.db.transaction(async (trx) => {
      await forms.carryOver(trx, { owner: draft.id, form: draft.form, to });
      await trx('draft').where({ id: draft.id, state: 'open' }).update({ release_id: to.id });
    });
  }

  return {
    of,
    take,
    async toSubmit(draft) {
      const newer = await of(draft);
      if (!newer) return flows.get(draft.release_id);
      if (newer.differences.length > 0)
        throw formChanged({
          zh: `表单已有新版，有 ${newer.differences.length} 处不同。换到新版，核对后再提交`,
          en: `The form has a newer version that differs in ${newer.differences.length} places; take it over and look again`,
        });
      await take(draft);
      return flows.current(draft.flow);
    },
  };
}

function materialDifferences(from: Release, to: Release): NewerForm['differences'] {
  const [old, now] = [from, to].map(({ package: { flow } }) => new Map(flow.materials.map((one) => [one.id, one])));
  const found: NewerForm['differences'] = [];
  const add = (id: string, kind: 'added' | 'removed' | 'changed') => {
    const { title } = (now!.get(id) ?? old!.get(id))!;
    found.push({ path: `materials/${id}`, kind, zh: `材料　${title.zh}`, en: `Material: ${title.en}`, lost: null });
  };
  for (const [id, { required, types, max }] of now!) {
    const was = old!.get(id);
    if (!was) add(id, 'added');
    else if (JSON.stringify([was.required, was.types, was.max]) !== JSON.stringify([required, types, max]))
      add(id, 'changed');
  }
  for (const id of old!.keys()) if (!now!.has(id)) add(id, 'removed');
  return found;
}
