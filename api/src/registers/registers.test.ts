import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Problem } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { inRequest } from '../files/testing.ts';
import { createRegisters, type Registers } from './index.ts';

describe('registers', function () {
  this.timeout(30_000);
  let core: TestCore;
  let registers: Registers;

  before(async () => {
    core = await openTestCore();
    registers = createRegisters(core, {
      registerScope: () => ({ kind: 'institutions', ids: [] }),
      uploads: inRequest(core),
    });
  });
  after(() => core.close());

  const write = (change: Parameters<Registers['write']>[1]) =>
    core.db.transaction((trx) => registers.write(trx, change));
  const rows = (n: number) =>
    Array.from({ length: n }, (_, i) => ({
      site: 'S1',
      object: '生活饮用水',
      parameter: `参数${i}`,
      standardNo: `GB/T 5750.${i}-2023`,
    }));

  it('keeps an institution with its children, money whole, dates as days [CMA-2.1, CMA-2.4, CMA-2.5, CMA-2.8]', async () => {
    const id = await write({
      register: 'institution',
      fields: {
        name: '贵州沐溪环境监测有限公司',
        uscc: '91520113MA0003881Y',
        staffTotal: 34,
        fixedAssets: 128_640_000,
        siteCharacter: ['fixed', 'mobile'],
      },
      children: {
        sites: { rows: [{ code: 'S1', leaseUntil: '2031-06-30', area: 1260.5 }], mode: 'merge' },
        capabilities: { rows: rows(300), mode: 'merge' },
      },
    });
    const item = await registers.find('institution', id);
    assert.equal(item?.fields.fixedAssets, 128_640_000);
    assert.deepEqual(item?.fields.siteCharacter, ['fixed', 'mobile']);
    const [site] = await registers.rows('institution', id, 'sites');
    assert.equal(site?.data.leaseUntil, '2031-06-30');
    assert.equal(site?.data.area, 1260.5);
    assert.equal((await registers.rows('institution', id, 'capabilities')).length, 300);
  });

  it('writes only what differs, with before, after and who [CMA-2.19]', async () => {
    const by = randomUUID();
    const id = await write({
      register: 'institution',
      fields: { name: '甲', uscc: '91520113MA0003882X' },
      children: { capabilities: { rows: rows(3), mode: 'merge' } },
    });
    await write({
      register: 'institution',
      id,
      fields: { name: '甲检测' },
      children: { capabilities: { rows: [{ ...rows(1)[0]!, limits: '不测海水' }], mode: 'merge' } },
      by,
    });
    const [limits, name] = await registers.history('institution', id, 2);
    assert.deepEqual(limits?.after, { limits: '不测海水' });
    assert.deepEqual(name?.before, { name: '甲' });
    assert.equal((await registers.rows('institution', id, 'capabilities')).length, 3);
    const before = (await registers.history('institution', id)).length;
    await write({ register: 'institution', id, fields: { name: '甲检测' }, by });
    assert.equal((await registers.history('institution', id)).length, before, 'nothing changed, nothing written');
  });

  it('removes what a replacement leaves out and keeps it in the history', async () => {
    const id = await write({
      register: 'institution',
      fields: { name: '乙', uscc: '91520113MA0003883W' },
      children: { capabilities: { rows: rows(3), mode: 'merge' } },
    });
    await write({ register: 'institution', id, children: { capabilities: { rows: rows(2), mode: 'replace' } } });
    assert.equal((await registers.rows('institution', id, 'capabilities')).length, 2);
    const [removed] = await registers.history('institution', id, 1);
    assert.equal(removed?.after, null);
    assert.equal(removed?.before?.parameter, '参数2');
  });

  it('refuses a second entry of one code, naming the field', async () => {
    const fields = { name: '丙', uscc: '91520113MA0003884U' };
    await write({ register: 'institution', fields });
    await assert.rejects(
      write({ register: 'institution', fields }),
      (p: Problem) => p.code === 'register-taken' && p.fields[0]?.path === 'uscc',
    );
  });
});
