import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { AbsenceList, BatchPage, InboxPage } from '../../../../contracts/api/index.ts';
import { differences, type Clients } from '../../scenarios/index.ts';
import { openWorld, type World } from '../world.ts';
import {
  DEMO_PEOPLE,
  opensAt,
  playStories,
  provinceAccounts,
  readErrands,
  readStories,
  seedProvince,
  type Cast,
  type Played,
} from './index.ts';

/** Roles without tasks of their own. */
const WITHOUT_TASKS = ['admin', 'analyst', 'operator'];

describe('the demonstration province', function () {
  this.timeout(600_000);
  let world: World;
  let cast: Cast;
  let played: Played[];
  let clients: Clients;
  before(async () => {
    const [stories, today] = [await readStories(), new Date()];
    world = await openWorld({ at: opensAt(today, stories) });
    await seedProvince({ core: world.core, ...world.app });
    cast = await provinceAccounts();
    ({ played, clients } = await playStories(world, stories, { cast, today, errands: await readErrands() }));
  });
  after(() => world?.close());

  it('has cases of all flows, each where its story ends [PLT-13.4]', async () => {
    const found: string[] = [];
    for (const { story, caseId } of played) {
      if (!story.ends?.by) continue;
      const by = cast.nameOf(story.ends.by, story.subject);
      const differing = await differences({ clients, caseId, by }, { ...story.ends, by });
      found.push(...differing.map((text) => `${story.flow}, ${story.title}: ${text}`));
    }
    assert.deepEqual(found, []);
  });

  it('stands at the time of today, with no job failed and nothing for the operator [PLT-13.4]', async () => {
    assert.ok(Math.abs(world.time.offset()) < 1000);
    assert.deepEqual(await world.core.db('incident').where({ state: 'open' }).select('code', 'case_id'), []);
    assert.deepEqual(
      (await world.engine.jobs({ kind: 'timer', dueUntil: world.time.now() })).map(({ activityId }) => activityId),
      [],
    );
  });

  it('tells about sixty stories, several of each flow [PLT-13.4]', async () => {
    const stories = await readStories();
    assert.ok(stories.length >= 55 && stories.length <= 65, String(stories.length));
    for (const name of new Set(stories.map(({ flow }) => flow)))
      assert.ok(stories.filter(({ flow }) => flow === name).length >= 3, name);
  });

  it('has about sixty cases of five flows, open and closed, and drafts [PLT-13.4]', async () => {
    const rows: { flow: string; state: string; n: string }[] = await world.core
      .db('case')
      .groupBy('flow', 'state')
      .select('flow', 'state')
      .count('* as n');
    const counts = Object.fromEntries(rows.map(({ flow, state, n }) => [`${flow} ${state}`, Number(n)]));
    assert.deepEqual(counts, {
      'cma-cancellation closed': 2,
      'cma-cancellation running': 3,
      'cma-extension closed': 1,
      'cma-extension running': 2,
      'cma-initial closed': 11,
      'cma-initial running': 14,
      'recall-notice closed': 2,
      'recall-notice running': 14,
      'recall-report closed': 4,
      'recall-report running': 2,
    });
    assert.equal((await world.core.db('draft').where({ state: 'open' })).length, 3);
  });

  it('leaves work in the inbox of somebody in each role that decides [PLT-13.4]', async () => {
    const busy = new Map<string, boolean>();
    for (const { name, grants } of DEMO_PEOPLE) {
      const { rows } = await (await clients(name)).get<z.infer<typeof InboxPage>>('/inbox');
      for (const [role] of grants) busy.set(role, busy.get(role) || rows.length > 0);
    }
    const idle = [...busy].filter(([, some]) => !some).map(([role]) => role);
    assert.deepEqual(idle.sort(), WITHOUT_TASKS);
  });

  it('shows deputies, batches, tasks that changed hands and opinions that are asked for [PLT-13.4]', async () => {
    const absences = await (await clients('杨书禾')).get<AbsenceList>('/absences');
    assert.deepEqual(
      absences.rows.map(({ person, state }) => [person.name, state]),
      [['陆承安', 'now']],
    );
    const inbox = await (await clients('杨书禾')).get<z.infer<typeof InboxPage>>('/inbox');
    assert.ok(inbox.rows.some((row) => row.for?.name === '陆承安'));
    const batches = await (await clients('韦若岚')).get<z.infer<typeof BatchPage>>('/batches');
    assert.deepEqual(
      batches.rows.map(({ state, counts }) => [state, counts.done]),
      [['sent', 2]],
    );
    const actions: string[] = await world.core.db('audit').distinct('action').pluck('action');
    for (const action of ['task.transfer', 'task.delegate', 'task.sign-added', 'task.sign-given', 'task.return'])
      assert.ok(actions.includes(action), action);
    const states = await world.core.db('certificate').distinct('state').pluck('state');
    for (const state of ['valid', 'suspended', 'revoked', 'cancelled']) assert.ok(states.includes(state), state);
  });
});
