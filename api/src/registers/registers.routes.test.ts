import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { readSheet } from 'read-excel-file/node';
import { RegisterPage, RegisterRowPage } from '../../../contracts/api/index.ts';
import { mount, Problem, type Who } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { inRequest } from '../files/testing.ts';
import type { Scope } from '../rights/index.ts';
import { createRegisters } from './index.ts';

const ISSUED = ['262420340001', '262420340003'];
const capability = (parameter: string) => ({ site: 'S1', object: '茶叶', parameter, standardNo: 'GB 5009.12-2023' });

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
    const registers = createRegisters(core, { registerScope: () => scope, uploads: inRequest(core) });
    await core.db.transaction(async (trx) => {
      for (const [name, uscc, division] of [
        ['贵州沐溪环境监测有限公司', '91520000MA00000151', '520102'],
        ['遵义岭砚食品检测中心', '12520000123456788R', '520302'],
        ['南宁百分百检测 100% 有限公司', '91450000MA0000015N', '450102'],
      ])
        ids[division!] = await registers.write(trx, {
          register: 'institution',
          fields: { name, uscc, division, independent: 'yes' },
        });
      await registers.write(trx, {
        register: 'institution',
        id: ids['520302'],
        children: { capabilities: { mode: 'merge', rows: ['铅', '镉', '砷'].map(capability) } },
      });
    });
    for (const [number, state, suspendedUntil] of [
      ['262420340001', 'valid', null],
      ['262420340002', 'reserved', null],
      ['262420340003', 'suspended', '2026-12-31'],
    ] as const)
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
        suspended_until: suspendedUntil,
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

  it('are narrowed by a choice or a division, and say which filter there is none of [PLT-10.1]', async () => {
    scope = { kind: 'divisions', prefixes: ['52', '45'] };
    const narrowed = async (filter: string) =>
      (await fetch(`${url}/registers/institution?filter=${filter}`)).json() as Promise<{ rows?: { id: string }[] }>;
    assert.deepEqual(
      (await narrowed('division:520300')).rows?.map(({ id }) => id),
      [ids['520302']],
    );
    assert.equal((await narrowed('division:520000')).rows?.length, 2);
    assert.deepEqual((await narrowed('admission:admitted')).rows, []);
    const { fields } = (await narrowed('phone:0851')) as { fields?: { path: string; zh: string }[] };
    assert.deepEqual(fields?.[0], {
      path: 'filter',
      zh: '不能按「phone:0851」筛选',
      en: 'There is no filter "phone:0851"',
    });
  });

  it('go page by page in the order of names [PLT-10.1]', async () => {
    scope = { kind: 'divisions', prefixes: ['52', '45'] };
    const names: unknown[] = [];
    for (let after: string | null = ''; after !== null;) {
      const answer = await fetch(`${url}/registers/institution?limit=1${after && `&after=${after}`}`);
      const page = RegisterPage.parse(await answer.json());
      names.push(...page.rows.map(({ fields }) => fields.name));
      after = page.next;
    }
    assert.equal(names.length, 3);
    assert.deepEqual(names, await find(''));
  });

  it('show the state of a certificate on the day of reading [PLT-6.4]', async () => {
    scope = { kind: 'divisions', prefixes: ['52'] };
    const states = async () => {
      const page = RegisterPage.parse(await (await fetch(`${url}/registers/certificate`)).json());
      return Object.fromEntries(page.rows.map(({ fields }) => [fields.number, fields.state]));
    };
    core.at('2026-12-31T15:00:00Z');
    assert.deepEqual(await states(), { 262420340001: 'valid', 262420340003: 'suspended' });
    core.at('2027-01-01T01:00:00Z');
    assert.deepEqual(await states(), { 262420340001: 'valid', 262420340003: 'valid' });
    core.at('2032-11-21T01:00:00Z');
    assert.deepEqual(await states(), { 262420340001: 'expired', 262420340003: 'expired' });
    const expired = await fetch(`${url}/registers/certificate?filter=state:expired`);
    assert.equal(RegisterPage.parse(await expired.json()).rows.length, 2);
    core.at('2026-11-21T04:00:00Z');
  });

  it('leave as Excel with what the scope allows, values as people read them [PLT-10.1]', async () => {
    scope = { kind: 'divisions', prefixes: ['5203'] };
    const file = await fetch(`${url}/registers/institution/export.xlsx`);
    const [heads, ...rows] = await readSheet(Buffer.from(await file.arrayBuffer()));
    assert.deepEqual(heads?.slice(0, 3), ['机构名称', '统一社会信用代码', '是否独立法人']);
    assert.deepEqual(
      rows.map((row) => row.slice(0, 3)),
      [['遵义岭砚食品检测中心', '12520000123456788R', '是']],
    );
  });

  it('show the rows of an entry page by page, those with certain words, to who sees the entry [PLT-10.1]', async () => {
    scope = { kind: 'divisions', prefixes: ['52'] };
    const rows = async (query: string) => {
      const answer = await fetch(`${url}/registers/institution/${ids['520302']}/rows/capabilities?${query}`);
      return answer.ok ? RegisterRowPage.parse(await answer.json()) : answer.status;
    };
    const first = await rows('limit=2');
    assert.ok(typeof first === 'object');
    assert.deepEqual([first.total, first.next, first.rows.map(({ data }) => data.parameter)], [3, 2, ['铅', '镉']]);
    const rest = await rows('after=2');
    assert.ok(typeof rest === 'object' && rest.next === null && rest.rows.length === 1);
    const found = await rows(`q=${encodeURIComponent('茶叶 镉')}`);
    assert.ok(typeof found === 'object');
    assert.deepEqual(
      found.rows.map(({ data }) => data.parameter),
      ['镉'],
    );
    scope = { kind: 'divisions', prefixes: ['45'] };
    assert.equal(await rows(''), 404);
  });

  it('list certificates that were issued, to the same people [CMA-6.2]', async () => {
    scope = { kind: 'divisions', prefixes: ['52'] };
    assert.deepEqual((await find('', 'certificate')).sort(), ISSUED);
    assert.deepEqual((await find('沐溪', 'certificate')).sort(), ISSUED);
    scope = { kind: 'divisions', prefixes: ['45'] };
    assert.deepEqual(await find('', 'certificate'), []);
    scope = { kind: 'institutions', ids: [ids['520302']!] };
    assert.deepEqual(await find('', 'certificate'), []);
    assert.equal((await fetch(`${url}/registers/nonsense`)).status, 404);
  });
});
