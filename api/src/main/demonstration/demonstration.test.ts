import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { InboxPage } from '../../../../contracts/api/index.ts';
import { differences, type Clients } from '../../scenarios/index.ts';
import { openWorld, type World } from '../world.ts';
import {
  DEMO_PEOPLE,
  opensAt,
  playStories,
  provinceAccounts,
  readStories,
  seedProvince,
  type Cast,
  type Played,
} from './index.ts';

/** All stories take minutes: without `DEMO_STORIES=all` those of every sixth subject are played. */
const WHOLE = process.env.DEMO_STORIES === 'all';
const EVERY = 6;
/** Roles without tasks of their own. */
const WITHOUT_TASKS = ['admin', 'analyst', 'operator'];

describe('the demonstration province', function () {
  this.timeout(600_000);
  let world: World;
  let cast: Cast;
  let played: Played[];
  let clients: Clients;
  before(async () => {
    const [all, today] = [await readStories(), new Date()];
    // What happens to one institution or enterprise hangs together.
    const subjects = [...new Set(all.map(({ subject }) => subject))].filter((_, i) => WHOLE || i % EVERY === 0);
    const stories = all.filter(({ subject }) => subjects.includes(subject));
    world = await openWorld({ at: opensAt(today, stories) });
    await seedProvince({ core: world.core, ...world.app });
    cast = await provinceAccounts();
    ({ played, clients } = await playStories(world, stories, { cast, today }));
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

  if (WHOLE) {
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
        'cma-initial closed': 12,
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
  }
});
