import assert from 'node:assert/strict';
import type { CallPage } from '../../../contracts/api/index.ts';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { createIncidents } from '../engine/index.ts';
import { createConnectors, createSystemsClient, openCounterpartServer, type CounterpartServer } from './index.ts';

const FLOW = { steps: { listed: { type: 'receive' } }, graph: { nodes: [], flows: [] } } as unknown as CompiledFlow;
const REQUEST = { name: '黔测检测有限公司', uscc: '91520100MA6DTEST0X', category: '检验检测机构' };

describe('connectors', function () {
  this.timeout(30_000);
  let core: TestCore;
  let server: CounterpartServer;
  let connectors: ReturnType<typeof createConnectors>;
  let caseId: string;
  let release: Release;
  const commands: object[] = [];
  before(async () => {
    core = await openTestCore();
    server = await openCounterpartServer();
    core.outside = { ...core.outside, ...createSystemsClient({ urls: server.urls }) };
    connectors = createConnectors(core, {
      commands: { add: async (_, command) => String(commands.push(command)) },
      incidents: createIncidents(core),
      release: async () => release,
    });
  });
  after(async () => {
    await server.close();
    await core.close();
  });
  beforeEach(async () => {
    ({ caseId, release } = await addCase(core, {
      package: structuredClone(FLOW),
      receivedAt: '2026-11-20T10:00:00+08:00',
    }));
    commands.length = 0;
    server.received.length = 0;
  });

  const call = (request: Record<string, unknown> = REQUEST, answerStep?: string, sender?: string) =>
    core.db.transaction((trx) =>
      connectors.call(trx, {
        ...{ system: 'double-random', message: 'object', case: { id: caseId }, step: 'push', visit: 1, request },
        ...(answerStep && { answerStep }),
        ...(sender && { sender: `${caseId}/${sender}` }),
      }),
    );
  const rowOf = (id: string) => core.db('connector_call').where({ id }).first();
  const attemptsOf = (id: string) => core.db('connector_attempt').where({ call_id: id }).orderBy('id').pluck('status');

  it('send what was queued and keep request, answer and every try [PLT-9.5]', async () => {
    const id = await call();
    await connectors.pump();
    const row = await rowOf(id);
    assert.deepEqual([row.state, row.answer.outcome], ['answered', 'listed']);
    assert.match(row.answer.receipt, /^SSJ[0-9A-F]{12}$/);
    assert.deepEqual(
      server.received.map(({ system, path, key, body }) => [system, path, key, body]),
      [['double-random', '/objects', id, REQUEST]],
    );
    assert.deepEqual(await attemptsOf(id), [200]);
  });

  it('repeat with the same key what was not answered; the other side lists it once [PLT-9.5]', async () => {
    const id = await call({ ...REQUEST, category: '再推' });
    server.fail(503, 0);
    await connectors.pump();
    assert.equal((await rowOf(id)).state, 'queued');
    assert.equal(await connectors.pump(), 0, 'not before its time');
    await connectors.pump({ waiting: true });
    await connectors.pump({ waiting: true });
    assert.deepEqual((await rowOf(id)).answer.outcome, 'listed', 'carried out by the try whose answer was lost');
    assert.deepEqual(await attemptsOf(id), [503, null, 200]);
    assert.deepEqual(
      server.received.map(({ key }) => key),
      [id, id, id],
    );
  });

  it('leave to an operator what is refused; sent again after the mend [PLT-9.5 PLT-12.4]', async () => {
    const id = await call({ ...REQUEST, category: '三推' });
    server.fail(403);
    await connectors.pump();
    const incident = await core.db('incident').where({ kind: 'connector', ref: id }).first();
    assert.deepEqual([incident.case_id, incident.step, incident.state], [caseId, 'push', 'open']);
    assert.match(incident.message, /refused with 403/);
    const [route] = connectors.routes;
    const page = async () => (await route!.handle({ query: {} } as never)) as CallPage;
    const { rows } = await page();
    assert.deepEqual([rows[0]!.id, rows[0]!.state, rows[0]!.incident], [id, 'failed', incident.id]);
    await connectors.sendAgain(id);
    await connectors.pump();
    assert.equal((await rowOf(id)).state, 'answered');
    assert.equal((await core.db('incident').where({ ref: id }).first()).state, 'closed');
    assert.equal((await page()).rows[0]!.incident, null);
    await assert.rejects(connectors.sendAgain(id), { code: 'not-found' });
  });

  type Receive = { kind: string; payload: { step: string; visit: string; variables: Record<string, string> } };
  const visit = (act_inst: string, step: string, parent: string) =>
    core.db('step_visit').insert({
      ...{ act_inst: `${caseId}/${act_inst}`, step, parent: `${caseId}/${parent}` },
      ...{ case_id: caseId, type: 'x', thread: '', visit: 1, entered_at: core.time.now() },
    });
  const read = () =>
    core.db.transaction(async (trx) =>
      connectors.reader(trx, {
        case: await trx('case').where({ id: caseId }).first(),
        release,
        changes: [{ kind: 'entered', step: 'listed', visit: 1, at: core.time.now() }],
      }),
    );

  it('let the step that waits go on with the answer, whichever comes first [PLT-9.5]', async () => {
    await call({ ...REQUEST, category: '四推' }, 'listed');
    await connectors.pump();
    assert.deepEqual(commands, [], 'nobody waits yet');
    await visit('listed', 'listed', 'flow');
    await read();
    const [command] = commands as Receive[];
    assert.deepEqual([command?.kind, command?.payload.variables.listed_outcome], ['receive', 'listed']);
    await call({ ...REQUEST, category: '四推' }, 'listed');
    await connectors.pump();
    assert.equal((commands as Receive[])[1]?.payload.variables.listed_outcome, 'refused');
  });

  it('give the answer to the thread that asked [PLT-9.5]', async () => {
    release.package.graph.nodes = [
      { id: 'sites', type: 'subProcess', name: '', parent: 'flow', thread: { list: 'all', element: 'site' } },
      { id: 'listed', type: 'receiveTask', name: '', parent: 'sites' },
    ];
    for (const thread of ['a', 'b']) {
      await visit(thread, 'sites', 'flow');
      await visit(`push-${thread}`, 'push', thread);
      await visit(`listed-${thread}`, 'listed', thread);
    }
    await call({ ...REQUEST, category: '五推' }, 'listed', 'push-b');
    await connectors.pump();
    await call({ ...REQUEST, category: '五推' }, 'listed', 'push-a');
    await connectors.pump();
    assert.deepEqual(
      (commands as Receive[]).map(({ payload }) => [payload.visit, payload.variables.listed_outcome]),
      [
        [`${caseId}/listed-b`, 'listed'],
        [`${caseId}/listed-a`, 'refused'],
      ],
    );
  });

  it('refuse what the contract does not have [PLT-9.5]', async () => {
    await assert.rejects(call({ name: '' }), { name: 'RangeError', message: /uscc/ });
  });
});
