import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Release } from '../../../contracts/flow.ts';
import { isTable, type Field, type FormSchema, type Group } from '../../../contracts/forms/index.ts';
import { capability, openApplication, subject, type Application } from '../forms/application.testing.ts';
import { createNewerForms, type NewerForms } from './index.ts';

/** The form a year later: one field more, one fewer, one of another kind; a table and a column fewer. */
function later(form: FormSchema): FormSchema {
  const groups = structuredClone(form.components) as Group[];
  for (const group of groups) {
    group.components = group.components
      .filter((one) => one.type === 'note' || !['fax', 'equipment'].includes(one.key))
      .map((one) => {
        if (one.type === 'note') return one;
        if (one.key === 'staffTotal')
          return { type: 'choice', key: one.key, label: one.label, values: [{ value: 'few', label: '50 人以下' }] };
        if (one.key === 'name') return { ...one, label: '机构全称' };
        if (isTable(one) && one.key === 'capabilities') {
          const columns = one.columns.filter(({ key }) => key !== 'note');
          return { ...one, columns: columns.map((each) => (each.key === 'equipment' ? plain(each) : each)) };
        }
        return one;
      });
  }
  groups[0]!.components.push({ type: 'text', key: 'website', label: '网站', validate: { required: true } });
  return { ...form, components: groups };
}

const plain = ({ key, label }: Field): Field => ({ type: 'text', key, label });

describe('a draft whose form has a newer version', function () {
  this.timeout(60_000);
  let world: Application;
  let newest: Release;
  let newer: NewerForms;
  let owner: string;
  const draft = () => world.core.db('draft').where({ id: owner }).first();

  before(async () => {
    world = await openApplication();
    newest = world.release;
    const get = async (id: string) => (id === newest.id ? newest : world.release);
    newer = createNewerForms(world.core, { forms: world.forms, flows: { current: async () => newest, get } });
    owner = await world.draft(subject);
    await world.save(owner, 0, { fax: '0851-80000101', name: '甲检测', website: undefined });
    for (const i of [1, 2])
      await world.call('POST', `${world.table(owner)}/rows`, {
        data: capability(i, { note: i === 1 ? '仅合同' : null }),
      });
  });
  after(() => world.close());

  async function release(form: (form: FormSchema) => FormSchema): Promise<void> {
    const { forms, ...rest } = world.release.package;
    const id = randomUUID();
    newest = {
      ...world.release,
      id,
      version: 2,
      package: { ...rest, forms: { ...forms, application: form(forms.application!) } },
    };
    const row = { id, flow: newest.flow, version: 2, definition_id: 'd', deployment_id: 'd', hash: id, package: '{}' };
    await world.core.db('release').insert({ ...row, released_at: world.core.time.now() });
  }

  it('is told nothing while it is the newest', async () => {
    assert.equal(await newer.of(await draft()), null);
    assert.equal((await newer.toSubmit(await draft())).id, world.release.id);
  });

  it('learns what differs and what of its own no longer fits, before anything is changed [PLT-2.3]', async () => {
    await release(later);
    const { differences } = (await newer.of(await draft()))!;
    assert.deepEqual(
      differences.map(({ kind, path, lost }) => [kind, path, lost]),
      [
        ['added', 'website', null],
        ['changed', 'staffTotal', '45'],
        ['changed', 'capabilities.equipment', null],
        ['removed', 'fax', '0851-80000101'],
        ['removed', 'equipment', '1 行'],
        ['removed', 'capabilities.note', '1 行'],
      ],
      'another name is no difference',
    );
    await assert.rejects(newer.toSubmit(await draft()), { code: 'form-changed' });
    assert.equal((await draft()).release_id, world.release.id);
  });

  it('goes on with what was entered [PLT-2.3]', async () => {
    const before = await world.view(owner);
    await newer.take(await draft());
    world.access.set(`${owner}/application`, { mode: 'edit', open: 'all', release: newest });
    assert.equal((await draft()).release_id, newest.id);
    const { data, edits, tables } = await world.view(owner);
    assert.deepEqual([data.name, data.fax, data.staffTotal], ['甲检测', undefined, undefined]);
    assert.equal(edits, before.edits + 1, 'who still has the old form open is told of it');
    assert.deepEqual([tables.capabilities!.count, tables.equipment], [2, undefined]);
    assert.deepEqual(
      (await world.rows(owner)).rows.map((row) => [row.data.parameter, row.data.note]),
      [
        ['参数1', undefined],
        ['参数2', undefined],
      ],
    );
    assert.equal((await newer.toSubmit(await draft())).id, newest.id);
  });
});
