import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { RegisterPage } from '../../../contracts/api/index.ts';
import { mount, Problem, type Who } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import type { Scope } from '../rights/index.ts';
import { createRegisters } from './index.ts';

describe('lists of registers', function () {
  this.timeout(30_000);
  let core: TestCore;
  let server: ReturnType<express.Express['listen']>;
  let url: string;
  let scope: Scope;
  const ids: Record<string, string> = {};
  const who: Who = {
    personId: '00000000-0000-4000-8000-000000000001',
    name: '韦若岚',
    login: 'a',
    kind: 'staff',
    grants: [],
    institutions: [],
  };

  before(async () => {
    core = await openTestCore();
    const registers = createRegisters(core, { registerScope: () => scope });
    await core.db.transaction(async (trx) => {
      for (const [name, uscc, division] of [
        ['贵州沐溪环境监测有限公司', '91520000MA00000151', '520102'],
        ['遵义岭砚食品检测中心', '12520000123456788R', '520302'],
        ['南宁百分百检测 100% 有限公司', '91450000MA0000015N', '450102'],
      ])
        ids[division!] = await registers.write(trx, { register: 'institution', fields: { name, uscc, division } });
    });
    for (const [number, state] of [
      ['262420340001', 'valid'],
      ['262420340002', 'reserved'],
    ])
      await core.db('certificate').insert({
        number,
        version: 1,
        kind: 'cma',
        institution_id: ids['520102'],
        holder_name: '贵州沐溪环境监测有限公司',
        holder_uscc: '91520000MA00000151',
        data: '{}',
        digest: 'd',
        token: 't',
        state,
        valid_from: '2026-11-21',
        valid_to: '2032-11-20',
        issued_at: core.time.now(),
      });
    const app = express();
    mount(app, registers.routes, core, async () => who);
    app.use(((error, _req, res, next) => {
      if (!(error instanceof Problem)) return next(error);
      res.status(error.status).json(error);
    }) as express.ErrorRequestHandler);
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await core.close();
  });

  const find = async (q: string, register = 'institution') => {
    const answer = await fetch(`${url}/registers/${register}?q=${encodeURIComponent(q)}`);
    return RegisterPage.parse(await answer.json()).rows.map((row) => row.fields.name ?? row.fields.number);
  };

  it('find an institution by words of two characters, by its code, and nothing by a wildcard [CMA-2.1]', async () => {
    scope = { kind: 'divisions', prefixes: ['52', '45'] };
    assert.deepEqual(await find('食品'), ['遵义岭砚食品检测中心']);
    assert.deepEqual(await find('沐溪 监测'), ['贵州沐溪环境监测有限公司']);
    assert.deepEqual(await find('91450000ma0000015n'), ['南宁百分百检测 100% 有限公司']);
    assert.deepEqual(await find('%'), ['南宁百分百检测 100% 有限公司']);
    assert.deepEqual(await find('铅'), []);
  });

  it('show what lies in the divisions, or what one acts for, and nothing besides', async () => {
    scope = { kind: 'divisions', prefixes: ['5203'] };
    assert.deepEqual(await find(''), ['遵义岭砚食品检测中心']);
    scope = { kind: 'divisions', prefixes: [] };
    assert.deepEqual(await find(''), []);
    scope = { kind: 'institutions', ids: [ids['520102']!] };
    assert.deepEqual(await find(''), ['贵州沐溪环境监测有限公司']);
    const status = async (id: string) => (await fetch(`${url}/registers/institution/${id}`)).status;
    assert.deepEqual([await status(ids['520102']!), await status(ids['520302']!)], [200, 404]);
  });

  it('list certificates that were issued, to the same people [CMA-6.2]', async () => {
    scope = { kind: 'divisions', prefixes: ['52'] };
    assert.deepEqual(await find('', 'certificate'), ['262420340001']);
    assert.deepEqual(await find('沐溪', 'certificate'), ['262420340001']);
    scope = { kind: 'divisions', prefixes: ['45'] };
    assert.deepEqual(await find('', 'certificate'), []);
    scope = { kind: 'institutions', ids: [ids['520302']!] };
    assert.deepEqual(await find('', 'certificate'), []);
    assert.equal((await fetch(`${url}/registers/nonsense`)).status, 404);
  });
});
