import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { EvaluationCounts, EvaluationsWaiting, EvaluationView } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import { parseForm } from '../../../contracts/forms/index.ts';
import type { Browser } from '../identity/testing.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { createRights } from '../rights/index.ts';
import { evaluationRoutes } from './index.ts';

const FORM = parseForm({
  type: 'default',
  id: 'evaluation',
  components: [
    {
      type: 'choice',
      key: 'satisfaction',
      label: '满意度',
      values: [
        { value: 'satisfied', label: '满意' },
        { value: 'dissatisfied', label: '不满意' },
      ],
      validate: { required: true },
    },
    { type: 'textarea', key: 'comment', label: '意见', validate: { maxLength: 10 } },
  ],
});

describe('evaluations', function () {
  this.timeout(20_000);
  let world: TestOrganisation;
  let subject: Browser;
  let stranger: Browser;
  let officer: Browser;
  let newCase: (state: string) => Promise<string>;

  before(async () => {
    assert.ok('form' in FORM);
    const flow = { title: { zh: '首次申请', en: 'First application' }, evaluation: 'evaluation' };
    const release = { package: { flow, forms: { evaluation: FORM.form } } } as unknown as Release;
    world = await openTestOrganisation(({ core }) => {
      const { mayReadCase, caseScope } = createRights(core);
      const given = async () => release;
      return evaluationRoutes(core, { release: given, current: given, mayRead: mayReadCase, caseScope });
    });
    const { core } = world;
    const [{ id: institution }] = await core
      .db('institution')
      .insert({ name: '某机构', uscc: randomUUID(), updated_at: new Date() })
      .returning('id');
    const person = await world.person('subject', { office: null });
    await world.person('stranger', { office: null });
    await world.person('officer', { grants: [['admin', '52', 'tree']] });
    await core.db.transaction((trx) =>
      world.organisation.represent(
        trx,
        { personId: person, register: 'institution', entry: institution },
        { personId: null },
      ),
    );
    const made = { definition_id: '', deployment_id: '', hash: '', package: {}, released_at: new Date() };
    const [row] = await core
      .db('release')
      .insert({ flow: 'cma-initial', version: 1, ...made })
      .returning('id');
    let number = 0;
    newCase = async (state) => {
      const id = randomUUID();
      await core.db('case').insert({
        ...{ id, state, number: `CMA-${(number += 1)}`, flow: 'cma-initial', release_id: row.id, title: '首次申请' },
        ...{ subject_register: 'institution', subject_id: institution, subject_name: '某机构', office: '52' },
        ...{ starter: person, institution_id: institution, received_at: new Date() },
      });
      return id;
    };
    [subject, stranger, officer] = [
      await world.signIn('subject'),
      await world.signIn('stranger'),
      await world.signIn('officer'),
    ];
  });
  after(() => world.close());

  const give = (browser: Browser, id: string, data: object) =>
    browser.send('POST', `/cases/${id}/evaluation`, { data });
  const codeOf = (body: unknown) => (body as { code?: string }).code;

  it('are given by the subject once, with the form of the flow [PLT-2.9]', async () => {
    const id = await newCase('closed');
    const before = (await subject.send('GET', `/cases/${id}/evaluation`)).body as unknown as EvaluationView;
    assert.ok(before.schema);
    const { status, body } = await give(subject, id, { comment: '一二三四五六七八九十一' });
    const paths = (body as unknown as { fields: { path: string }[] }).fields.map(({ path }) => path);
    assert.deepEqual([status, paths], [400, ['satisfaction', 'comment']]);
    assert.equal((body as { zh?: string }).zh, '填好再提交：满意度、意见');
    assert.equal((await give(subject, id, { satisfaction: 'satisfied', nonsense: 1 })).status, 200);
    const second = await give(subject, id, { satisfaction: 'dissatisfied' });
    assert.deepEqual([second.status, codeOf(second.body)], [409, 'evaluated-already']);
    const { given } = (await officer.send('GET', `/cases/${id}/evaluation`)).body as unknown as EvaluationView;
    assert.deepEqual(given?.data, { satisfaction: 'satisfied' });
  });

  it('wait for the end of the case, and are nobody else’s [PLT-2.9, PLT-7.3]', async () => {
    const running = await newCase('running');
    assert.equal((await give(subject, running, { satisfaction: 'satisfied' })).status, 403);
    const { schema } = (await subject.send('GET', `/cases/${running}/evaluation`)).body as unknown as EvaluationView;
    assert.equal(schema, null);
    const closed = await newCase('closed');
    assert.equal((await give(officer, closed, { satisfaction: 'satisfied' })).status, 403);
    assert.equal((await give(stranger, closed, { satisfaction: 'satisfied' })).status, 404);
  });

  it('are counted by flow and answer, for who may see the cases [PLT-2.9]', async () => {
    await give(subject, await newCase('closed'), { satisfaction: 'dissatisfied', comment: '慢' });
    const { flows } = (await officer.send('GET', '/evaluations')).body as unknown as EvaluationCounts;
    assert.deepEqual(
      flows.map(({ flow, count, fields }) => [flow, count, fields.map(({ options }) => options.map((o) => o.count))]),
      [['cma-initial', 2, [[1, 1]]]],
    );
    assert.equal((await subject.send('GET', '/evaluations')).status, 403);
  });

  it('are asked for on the desk, of what has ended lately and was not evaluated [PLT-2.9]', async () => {
    const asked = async (browser: Browser) => {
      const { rows } = (await browser.send('GET', '/evaluations/waiting')).body as unknown as EvaluationsWaiting;
      return rows.map(({ id }) => id);
    };
    const ended = (id: string, days: number) =>
      world.core
        .db('case')
        .where({ id })
        .update({ closed_at: new Date(world.core.time.now().getTime() - days * 86_400_000) });
    const [late, old] = [await newCase('closed'), await newCase('closed')];
    await ended(late, 59);
    await ended(old, 61);
    assert.deepEqual(await asked(subject), [late]);
    assert.deepEqual(await asked(stranger), []);
    assert.equal((await officer.send('GET', '/evaluations/waiting')).status, 403);
    await give(subject, late, { satisfaction: 'satisfied' });
    assert.deepEqual(await asked(subject), []);
  });
});
