import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DecideAnswer, PhraseList } from '../../../contracts/api/index.ts';
import { EngineError } from '../../../engine-adapters/port/index.ts';
import { createApp } from '../main/app.ts';
import { createClients, type Refusal } from '../scenarios/client.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: { report: [{ type: 'textfield', key: 'name', label: '名称' }] },
  model: [
    start,
    user('check', 'cma.acceptance', [outcome('pass', { kind: 'primary' })]),
    end('done'),
    path('start check done'),
  ].join(''),
};
const BY = '受理岗';

describe('opinions', function () {
  this.timeout(120_000);
  let world: FlowWorld;
  before(async () => {
    world = await openFlowWorld('opinions-test', FLOW);
    await world.person('负责人', '52', ['leader']);
  });
  after(() => world.close());

  const phrases = async (by: string, query = '') => (await world.as(by)).get<PhraseList>(`/phrases${query}`);
  const keep = async (by: string, body: object) =>
    (await (await world.as(by)).send<{ id: string }>('POST', '/phrases', body)).id;

  it('have phrases of one’s own and of the office, those of the step first [PLT-1.2]', async () => {
    const own = await keep(BY, { text: '材料齐全，符合法定形式。' });
    await keep(BY, { text: '同意。', flow: 'opinions-test', step: 'check', outcome: 'pass' });
    await keep(BY, { text: '另一事项用', flow: 'other', step: 'other' });
    await keep('负责人', { text: '依照《行政许可法》第三十二条办理。', of: 'office' });
    const { rows, office } = await phrases(BY, '?flow=opinions-test&step=check');
    assert.deepEqual([rows[0]!.where?.zh, rows[1]!.where], ['试验事项「check」：pass', null]);
    assert.deepEqual(
      rows.map(({ text, of, editable }) => [text, of, editable]),
      [
        ['同意。', 'own', true],
        ['材料齐全，符合法定形式。', 'own', true],
        ['依照《行政许可法》第三十二条办理。', 'office', false],
      ],
    );
    assert.deepEqual([office, (await phrases('负责人')).office], [false, true]);
    assert.equal((await phrases('审查岗')).rows.length, 1);

    const other = await world.as('审查岗');
    await assert.rejects(
      other.send('PATCH', `/phrases/${own}`, { text: '改', version: 1 }),
      ({ status }: Refusal) => status === 404,
    );
    await assert.rejects(keep(BY, { text: '给大家', of: 'office' }), ({ status }: Refusal) => status === 403);
    const change = async (text: string) =>
      (await world.as(BY)).send('PATCH', `/phrases/${own}`, { text, version: rows[1]!.version });
    await change('材料齐全。');
    await assert.rejects(
      change('材料不齐。'),
      ({ code, message }: Refusal) => code === 'stale' && message.includes('"theirs":{"text":"材料齐全。"}'),
    );
    await (await world.as(BY)).send('DELETE', `/phrases/${rows[0]!.id}`);
    assert.deepEqual(
      (await phrases(BY, '?flow=opinions-test')).rows.filter(({ of }) => of === 'own').map(({ text }) => text),
      ['材料齐全。'],
    );
  });

  it('half written are there after signing out, on another device, and after a decision that failed [PLT-1.2]', async () => {
    const caseId = await world.start(BY, { name: '试验' });
    const { id, version } = await world.task(BY, caseId, 'check');
    await (await world.as(BY)).send('PUT', `/tasks/${id}/opinion`, { opinion: '经核查，' });
    await (await world.as(BY)).send('DELETE', '/session');
    const device = await createClients(world)(BY);
    const draft = async () =>
      (await device.get<{ tasks: { draft: { opinion: string } | null }[] }>(`/cases/${caseId}`)).tasks[0]!.draft;
    assert.equal((await draft())?.opinion, '经核查，');

    const refusing = new Proxy(world.core.engine, {
      get: (engine, name) =>
        name === 'complete'
          ? () => Promise.reject(new EngineError('invalid', 'refused', 'by the test'))
          : Reflect.get(engine, name),
    });
    const app = await createApp({ ...world.core, engine: refusing }, { databaseUrl: world.databaseUrl });
    const server = createServer(app.http).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const client = await createClients({ ...world, url })(BY);
      const body = { outcome: 'pass', opinion: '经核查，符合条件', version };
      const answer = await client.send<DecideAnswer>('POST', `/tasks/${id}/decision`, body);
      assert.equal(answer.state, 'blocked');
      assert.match(answer.message.zh, /没有办成，已报运维 E-\w+，您的意见在草稿里/);
    } finally {
      server.close();
      server.closeAllConnections();
      await app.close();
    }
    assert.equal((await draft())?.opinion, '经核查，符合条件');
  });
});
