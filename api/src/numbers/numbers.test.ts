import assert from 'node:assert/strict';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { createNumbers, type Numbers } from './index.ts';
import { fillPattern } from './rules.ts';

describe('numbers', function () {
  this.timeout(60_000);
  let core: TestCore;
  let numbers: Numbers;
  before(async () => {
    core = await openTestCore();
    core.at('2026-11-21T10:00:00+08:00');
    numbers = await createNumbers(core);
  });
  after(() => core.close());

  const draw = (rule: string, ref: string, scope: Record<string, string> = {}) =>
    core.db.transaction((trx) => numbers.draw(trx, { rule, scope, ref, caseId: null }));
  const guiyang = { office: '5201', 'office.code': '筑市监' };

  it('follows the patterns of cases, documents and certificates [CMA-4.3 CMA-4.4 PLT-6.1]', async () => {
    assert.equal(await draw('case.cma', 'a'), 'CMA-2026-00001');
    assert.equal(await draw('document.cma.acceptance', 'a', guiyang), '筑市监检受〔2026〕1号');
    const certificate = await draw('certificate.cma', 'a', { authority: '24', field: '20', sector: '34' });
    assert.equal(certificate, '262420340001');
    assert.equal(await draw('certificate.cma', 'b', { authority: '24', field: '00', sector: '10' }), '262400100002');
    assert.equal(await draw('certificate.cma', 'c', { authority: '27', field: '0', sector: '1' }), '262700010001');
  });

  it('gives the same number again for the same purpose, another after it was made void [PLT-6.1]', async () => {
    const first = await draw('document.cma.grant', 'x', guiyang);
    assert.equal(await draw('document.cma.grant', 'x', guiyang), first);
    await core.db.transaction((trx) => numbers.use(trx, 'document.cma.grant', 'x'));
    await core.db.transaction((trx) => numbers.voidNumber(trx, 'document.cma.grant', 'x', '退回后重新制作'));
    assert.equal(await draw('document.cma.grant', 'x', guiyang), '筑市监检准〔2026〕2号');
    const kept = await core.db('number').where({ rule: 'document.cma.grant', serial: 1 }).first();
    assert.deepEqual([kept.state, kept.reason], ['void', '退回后重新制作']);
  });

  it('leaves no gap where a transaction is taken back [PLT-6.1 PLT-12.1]', async () => {
    const fails = core.db.transaction(async (trx) => {
      await numbers.draw(trx, { rule: 'document.cma.review', scope: guiyang, ref: 'lost', caseId: null });
      throw new Error('taken back');
    });
    await assert.rejects(fails, /taken back/);
    assert.equal(await draw('document.cma.review', 'kept', guiyang), '筑市监检评〔2026〕1号');
  });

  it('gives 50 at once 50 different ones without a gap, and one purpose one of them [PLT-6.1 PLT-12.1]', async () => {
    const refs = Array.from({ length: 50 }, (_, i) => `ref ${i % 40}`);
    const drawn = await Promise.all(
      refs.map(async (ref, i) => {
        const work = core.db.transaction(async (trx) => {
          const text = await numbers.draw(trx, { rule: 'document.cma.refusal', scope: guiyang, ref, caseId: null });
          if (i % 7 === 3 && i < 40) throw new Error('taken back');
          return text;
        });
        return work.catch(() => null);
      }),
    );
    const kept = new Set(drawn.filter((text) => text !== null));
    const byRef = new Map<string, Set<string>>();
    drawn.forEach((text, i) => text && byRef.set(refs[i], (byRef.get(refs[i]) ?? new Set()).add(text)));
    assert.ok([...byRef.values()].every((texts) => texts.size === 1));
    assert.equal(kept.size, byRef.size);
    const [account] = await numbers.accounted('document.cma.refusal');
    assert.deepEqual(account, {
      rule: 'document.cma.refusal',
      scope: 'year=2026,office=5201',
      drawn: byRef.size,
      missing: [],
    });
  });

  it('finds a number that is missing [PLT-12.1]', async () => {
    for (const ref of ['1', '2', '3']) await draw('document.cma.service', ref, guiyang);
    await core.db('number').where({ rule: 'document.cma.service', serial: 2 }).delete();
    assert.deepEqual((await numbers.accounted('document.cma.service'))[0].missing, [2]);
  });

  it('counts by another scope from the next year on when the setting says so [CMA-4.4]', async () => {
    await core.db('setting').insert({
      key: 'numbers.certificate.cma.scope',
      value: JSON.stringify(['year', 'authority', 'field', 'sector']),
      changed_at: core.time.now(),
    });
    const food = { authority: '24', field: '00', sector: '10' };
    assert.equal(await draw('certificate.cma', 'd', food), '262400100003', 'this year goes on as it began');
    assert.equal(await draw('certificate.cma', 'e', { ...food, year: '2027' }), '272400100001');
    assert.equal(await draw('certificate.cma', 'f', { ...food, field: '02', year: '2027' }), '272402100001');
  });

  it('makes void what a case had reserved [PLT-12.1]', async () => {
    const caseId = '00000000-0000-4000-8000-000000000001';
    const make = (ref: string) =>
      core.db.transaction((trx) => numbers.draw(trx, { rule: 'document.cma.supplement', scope: guiyang, ref, caseId }));
    const [reserved] = [await make('r'), await make('u')];
    await core.db.transaction((trx) => numbers.use(trx, 'document.cma.supplement', 'u'));
    const voided = await core.db.transaction((trx) => numbers.voidReserved(trx, caseId, '撤回申请'));
    assert.deepEqual(voided, [reserved]);
  });

  it('refuses a number with a part missing or too long', async () => {
    await assert.rejects(draw('certificate.cma', 'z', { authority: '24', field: '20' }), /sector/);
    await assert.rejects(draw('no.such', 'z'), /no\.such/);
    assert.throws(() => fillPattern('{authority:2}{serial}', { authority: '520' }, 1), /longer/);
    assert.throws(() => fillPattern('{serial:4}', {}, 10_000), /longer/);
    assert.equal(
      (await numbers.accounted('certificate.cma')).every(({ missing }) => missing.length === 0),
      true,
    );
  });
});
