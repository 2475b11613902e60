import assert from 'node:assert/strict';
import express from 'express';
import { mount, notFound, type Who } from '../../core/index.ts';
import { openTestCore, type TestCore } from '../../core/testing.ts';
import { createIncidents, type Incidents } from '../../engine/index.ts';
import { createIncidentRoutes } from './index.ts';

describe('incidents', function () {
  this.timeout(60_000);
  let core: TestCore;
  let incidents: Incidents;
  let who: Who;
  let url: string;
  let stop: () => void;
  const retried: string[] = [];

  before(async () => {
    core = await openTestCore();
    core.at('2026-11-21T10:00:00+08:00');
    incidents = createIncidents(core);
    const [{ id }] = await core.db('person').insert({ name: '运维甲', kind: 'staff' }).returning('id');
    who = {
      personId: id,
      name: '运维甲',
      login: 'ops',
      kind: 'staff',
      grants: [{ role: 'operator', office: '52', reach: 'tree', mayTake: false }],
      institutions: [],
    };
    const app = express();
    const router = express.Router();
    const routes = createIncidentRoutes(core, {
      async retry({ personId }, id) {
        const incident = await core.db('incident').where({ id, state: 'open' }).first();
        if (!incident) throw notFound();
        retried.push(incident.ref);
        await incidents.close(core.db, incident.kind, incident.ref, personId);
      },
    });
    mount(router, routes, core, async () => who);
    app.use(router);
    app.use(((error, _req, res, _next) => res.status(error.status ?? 500).json(error)) as express.ErrorRequestHandler);
    const server = app.listen(0);
    stop = () => server.close();
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}/incidents`;
  });
  after(async () => {
    stop();
    await core.close();
  });

  const get = async (query = '') => (await fetch(url + query)).json();
  const open = (ref: string) => incidents.open(core.db, { kind: 'work', ref, message: `step ${ref} failed` });

  it('lists open ones first, page by page [PLT-12.11]', async () => {
    for (let i = 0; i < 55; i++) await open(`w${i}`);
    await incidents.close(core.db, 'work', 'w54');
    core.at('2026-11-21T11:00:00+08:00');
    const code = await open('newest');
    const first = await get();
    assert.equal(first.rows.length, 50);
    assert.equal(first.rows[0].code, code);
    const second = await get(`?after=${encodeURIComponent(first.next)}`);
    assert.deepEqual([second.rows.length, second.next], [6, null]);
    assert.equal(second.rows.at(-1).message, 'step w54 failed');
    assert.equal(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size, 56);
    assert.equal((await fetch(`${url}?after=x`)).status, 400);
  });

  it('tries again and shows who did it [PLT-12.11]', async () => {
    const { id } = await core.db('incident').where({ ref: 'w1' }).first('id');
    const answer = await fetch(`${url}/${id}/retry`, { method: 'POST' });
    assert.deepEqual([answer.status, ((await answer.json()) as { closedBy: string }).closedBy], [200, '运维甲']);
    assert.deepEqual(retried, ['w1']);
    assert.equal((await fetch(`${url}/${id}/retry`, { method: 'POST' })).status, 404);
    assert.equal((await fetch(`${url}/no-id/retry`, { method: 'POST' })).status, 400);
  });

  it('is for operators only [PLT-7.3]', async () => {
    const operator = who;
    who = { ...who, grants: [] };
    assert.equal((await fetch(url)).status, 403);
    assert.equal((await fetch(`${url}/${operator.personId}/retry`, { method: 'POST' })).status, 403);
    who = operator;
  });
});
