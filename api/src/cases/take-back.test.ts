import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { DoneRow as DoneSchema, ReturnTarget } from '../../../contracts/api/index.ts';
import { Refusal } from '../scenarios/client.ts';
import { openFlowWorld, type FlowWorld } from '../tasks/testing.ts';
import { BY, createCases, FLOW, type Cases } from './testing.ts';

type DoneRow = z.infer<typeof DoneSchema>;

describe('taking a decision back', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  let cases: Cases;
  before(async () => {
    world = await openFlowWorld('take-back-test', FLOW);
    cases = createCases(world);
    await world.person('承办', '520102', ['cma.acceptance']);
  });
  after(() => world.close());

  const refusedWith = (code: string) => (error: Refusal) => error.code === code;

  it('show a decision to be taken back with what that ends, and anew where the case has moved on [PLT-1.4]', async () => {
    const caseId = await world.start(BY, { name: '试验' });
    const { decisionId } = await world.decide(BY, caseId, 'accept', { outcome: 'go' });
    const client = await world.as(BY);
    const path = `/decisions/${decisionId}/take-back`;
    const shown = await client.get<{ plan: string; effects: ReturnTarget['effects'] }>(path);
    assert.deepEqual(
      shown.effects.map(({ kind, step, who }) => [kind, step, who]),
      [
        ['cancel', 'legal', null],
        ['cancel', 'first', null],
        ['start', 'accept', shown.effects.at(-1)!.who],
      ],
    );
    await assert.rejects(client.send('POST', path, { plan: 'an older tree' }), refusedWith('tree-changed'));
    await client.send('POST', path, { plan: shown.plan });
    await world.quiet();
    assert.deepEqual(await cases.open(caseId), ['accept']);
  });

  it('take a decision back until the next one has opened it, with its text as a draft [PLT-1.4]', async () => {
    const caseId = await world.start(BY, { name: '试验' });
    const { decisionId } = await world.decide(BY, caseId, 'accept', { outcome: 'go', opinion: '同意受理' });
    const client = await world.as(BY);
    const offered = async (decision: string) => {
      const { rows } = await client.get<{ rows: DoneRow[] }>('/done');
      return rows.find((row) => row.decisionId === decision)!.offers.map((o) => `${o.action} ${o.reason?.zh ?? ''}`);
    };
    assert.deepEqual(await offered(decisionId), ['take-back ']);
    await client.send('POST', `/decisions/${decisionId}/take-back`);
    await world.quiet();
    assert.deepEqual(await offered(decisionId), []);
    assert.deepEqual(await cases.open(caseId), ['accept']);
    assert.equal((await world.task(BY, caseId, 'accept')).draft?.opinion, '同意受理');
    const again = await world.decide(BY, caseId, 'accept', { outcome: 'go' });
    const legal = await world.task(BY, caseId, 'legal');
    await (await world.as('承办')).send('POST', `/tasks/${legal.id}/claim`);
    await assert.rejects(client.send('POST', `/decisions/${again.decisionId}/take-back`), refusedWith('not-now'));
    assert.deepEqual(await offered(again.decisionId), ['take-back 「legal」已有人打开']);
    assert.deepEqual(await cases.open(caseId), ['first', 'legal']);
  });

  it('in a branch has nothing to do with the other; the refusal names the step of its own [PLT-1.4]', async () => {
    const caseId = await cases.begin('accept');
    const { decisionId } = await world.decide(BY, caseId, 'first', { outcome: 'go' });
    const client = await world.as('承办');
    const [legal, tech] = [await world.task('承办', caseId, 'legal'), await world.task('承办', caseId, 'tech')];
    await client.send('POST', `/tasks/${legal.id}/open`, {});
    const mine = await world.as(BY);
    const offers = async () => {
      const { rows } = await mine.get<{ rows: DoneRow[] }>('/done');
      return rows
        .find((row) => row.decisionId === decisionId)!
        .offers.map(({ enabled, reason }) => reason?.zh ?? enabled);
    };
    assert.deepEqual(await offers(), [true]);
    await client.send('POST', `/tasks/${tech.id}/claim`);
    await client.send('POST', `/tasks/${legal.id}/claim`);
    assert.deepEqual(await offers(), ['「tech」已有人打开']);
    await assert.rejects(mine.send('POST', `/decisions/${decisionId}/take-back`), (error: Refusal) => {
      assert.match(error.message, /「tech」已有人打开。\d\d:\d\d 承办在「tech」签收待办/);
      return true;
    });
  });
});
