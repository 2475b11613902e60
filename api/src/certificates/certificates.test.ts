import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { certificateDigest, type CertificateData } from '../../../contracts/certificate.ts';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import { parseForm } from '../../../contracts/forms/index.ts';
import { createAudit } from '../audit/index.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import type { CaseRow } from '../engine/index.ts';
import { formFile } from '../flows/testing-forms.ts';
import type { FormRow } from '../forms/index.ts';
import { createNumbers } from '../numbers/index.ts';
import { createCertificates, stateOf, validUntil, type CertificateOf, type Certificates } from './index.ts';

const project = new URL('../../../', import.meta.url);
const json = async (path: string) => JSON.parse(await readFile(new URL(path, project), 'utf8'));

function formOf(file: unknown) {
  const parsed = parseForm(file);
  assert.ok('form' in parsed);
  return parsed.form;
}

describe('certificates', function () {
  this.timeout(60_000);
  let core: TestCore;
  let certificates: Certificates;
  let flow: CompiledFlow;
  let given: { caseId: string; release: Release; institutionId: string };
  let of: CertificateOf;
  const rows: Record<string, FormRow[]> = {};
  const data: Record<string, Record<string, unknown>> = {};
  const printed: { digest: string; url: string }[] = [];

  before(async () => {
    core = await openTestCore();
    core.at('2026-11-21T10:00:00+08:00');
    const forms = Object.fromEntries(
      await Promise.all(
        ['application', 'technical-review', 'certificate-proposal'].map(async (id) => [
          id,
          formOf(await formFile('cma-initial', id)),
        ]),
      ),
    );
    const documents = await json('workflows/cma-initial/documents.json');
    flow = { forms, documents } as Partial<CompiledFlow> as CompiledFlow;
    certificates = await createCertificates(core, {
      audit: createAudit(core),
      numbers: await createNumbers(core),
      forms: {
        whole: async () => ({
          read: async (_, form) => ({ data: data[form] ?? {} }),
          rows: async (_, form, table) => rows[`${form}.${table}`] ?? [],
        }),
      },
      template: (_, path) => readFile(new URL(`templates/${path}`, project)),
      render: async (content, print) => {
        printed.push(print);
        return Buffer.from(JSON.stringify(content));
      },
      seal: async (pdf, { name }) => Buffer.concat([pdf, Buffer.from(`sealed by ${name}`)]),
    });
    data.application = { name: '黔测检测有限公司', uscc: '91520000MA00000151', address: '贵阳市南明区花果园 1 号' };
    data['certificate-proposal'] = { numberField: '00', numberSector: '14' };
    const site = (code: string, name: string) => ({ rowId: code, position: 1, data: { code, name, address: '1 号' } });
    rows['application.sites'] = [site('S1', '总部'), site('S2', '分部')];
    rows['application.capabilities'] = Array.from({ length: 300 }, (_, i) => ({
      rowId: `c${i}`,
      position: i,
      data: {
        site: i < 200 ? 'S1' : 'S2',
        scope: i % 2 ? 'food' : 'nonFood',
        field: '水质',
        category: '生活饮用水',
        object: '生活饮用水',
        parameter: `参数 ${i}`,
        standardName: '生活饮用水标准检验方法',
        standardNo: 'GB/T 5750.4-2023',
        methodKind: i === 5 ? 'nonStandard' : 'standard',
      },
    }));
    rows['technical-review.capabilityRulings'] = rows['application.capabilities'].map(({ rowId, position }) => ({
      rowId,
      position,
      data:
        position % 100 === 7
          ? { outcome: 'notApproved', reason: '设备不满足' }
          : position === 9
            ? { outcome: 'restricted', restriction: '只做 A 法' }
            : { outcome: 'approved' },
    }));
    rows['application.signatories'] = [1, 2, 3].map((n) => ({
      rowId: `s${n}`,
      position: n,
      data: { name: `签字人 ${n}`, position: '主任', title: 'senior', signField: '水质', scope: 'nonFood', site: 'S1' },
    }));
    rows['technical-review.signatoryRulings'] = [1, 2].map((n) => ({
      rowId: `s${n}`,
      position: n,
      data: { outcome: n === 1 ? 'approved' : 'notApproved' },
    }));
  });
  after(() => core.close());

  beforeEach(async () => {
    given = await addCase(core, { package: flow, receivedAt: '2026-09-16T09:00:00+08:00' });
    const row: CaseRow = await core.db('case').where({ id: given.caseId }).first();
    of = { case: row, release: given.release, kind: 'certificate' };
  });

  async function issue(ref: string): Promise<CertificateData> {
    const reserved = await core.db.transaction((trx) => certificates.reserve(trx, of, ref));
    const made = await certificates.make(of, reserved);
    await core.db.transaction((trx) => certificates.issue(trx, of, reserved, made));
    return made.data;
  }

  it('lists the 297 approved of 300 capabilities, with restrictions and remarks [CMA-4.4 CMA-4.3]', async () => {
    const { annexes } = await issue('a');
    const capabilities = annexes.filter(({ id }) => id.startsWith('capabilities'));
    assert.deepEqual(
      capabilities.map(({ title, rows }) => `${title} ${rows.length}`),
      [
        '批准的检验检测能力表（总部 1 号，非食品） 100',
        '批准的检验检测能力表（总部 1 号，食品） 98',
        '批准的检验检测能力表（分部 1 号，非食品） 50',
        '批准的检验检测能力表（分部 1 号，食品） 49',
      ],
    );
    const listed = capabilities.flatMap(({ rows }) => rows);
    assert.equal(listed.length, 297);
    assert.equal(
      listed.some(({ parameter }) => parameter === '参数 107'),
      false,
    );
    assert.equal(listed.find(({ parameter }) => parameter === '参数 9')!.limits, '只做 A 法');
    assert.match(listed.find(({ parameter }) => parameter === '参数 5')!.note, /特定合同/);
    assert.equal(listed[0].standard, '生活饮用水标准检验方法；GB/T 5750.4-2023');
    const signatories = annexes.find(({ id }) => id.startsWith('signatories'))!;
    assert.deepEqual(
      signatories.rows.map(({ name, position }) => `${name} ${position}`),
      ['签字人 1 主任；高级'],
      'who was refused or not ruled on is not listed',
    );
  });

  it('numbers by the official rule, valid six years, with digest and QR address [CMA-4.4 CMA-9.3]', async () => {
    const content = await issue('b');
    assert.match(content.number, /^262400140\d{3}$/);
    assert.deepEqual([content.validFrom, content.validTo], ['2026-11-21', '2032-11-20']);
    const row = await core.db('certificate').where({ number: content.number }).first();
    assert.equal(row.state, 'valid');
    assert.equal(row.digest, await certificateDigest(content));
    assert.equal(row.digest, await certificateDigest(row.data), 'the digest is found again from what is stored');
    assert.equal(printed.at(-1)!.url, `http://localhost/v/${content.number}/1/${row.token}`);
    assert.match(row.token, /^[A-Z2-9]{10}$/);
    assert.match((await core.files.get(row.file_hash)).toString(), /sealed by 贵阳市市场监督管理局$/);
    const [shown] = await certificates.list(given.caseId, { kind: 'staff' });
    assert.deepEqual([shown.state, shown.validTo], ['valid', '2032-11-20']);
    const [line] = await core.db('audit').where({ case_id: given.caseId });
    assert.deepEqual([line.action, line.detail.number], ['certificate.issued', content.number]);
  });

  it('issues once when the work is delivered again [CMA-4.4 PLT-12.1]', async () => {
    const reserved = await core.db.transaction((trx) => certificates.reserve(trx, of, 'c'));
    const made = await certificates.make(of, reserved);
    for (const _ of [1, 2]) await core.db.transaction((trx) => certificates.issue(trx, of, reserved, made));
    assert.equal((await core.db('certificate_event').where({ certificate_id: reserved.id })).length, 1);
    assert.equal((await core.db('number').where({ ref: 'c' }).first()).state, 'used');
  });

  it('has one version of a number in force, and one row per version [CMA-4.4]', async () => {
    const { number } = await issue('d');
    const row = await core.db('certificate').where({ number }).first();
    const { id: _, ...copy } = row;
    const insert = (version: number) =>
      core.db('certificate').insert({ ...copy, data: JSON.stringify(row.data), version });
    await assert.rejects(insert(2), /certificate_in_force/);
    await assert.rejects(insert(1), /certificate_kind_number_version_key/);
  });

  it('says what the number lacks [CMA-4.4]', async () => {
    data['certificate-proposal'] = { numberField: '00' };
    await assert.rejects(
      core.db.transaction((trx) => certificates.reserve(trx, of, 'e')),
      /sector/,
    );
    data['certificate-proposal'] = { numberField: '00', numberSector: '14' };
  });

  it('ends a suspension after its last day, and expiry goes before it [PLT-6.4 CMA-4.4]', () => {
    const row = { state: 'suspended' as const, valid_to: '2032-11-20', suspended_until: '2027-01-20' };
    assert.equal(stateOf(row, '2027-01-20'), 'suspended');
    assert.equal(stateOf(row, '2027-01-21'), 'valid');
    assert.equal(stateOf(row, '2032-11-21'), 'expired');
    assert.equal(stateOf({ ...row, suspended_until: null }, '2027-01-21'), 'suspended');
  });

  it('expires by itself on the day after the last one [CMA-4.4]', () => {
    const row = { state: 'valid' as const, valid_to: '2032-11-20', suspended_until: null };
    assert.equal(stateOf(row, '2032-11-20'), 'valid');
    assert.equal(stateOf(row, '2032-11-21'), 'expired');
    assert.equal(stateOf({ ...row, state: 'cancelled' }, '2032-11-21'), 'cancelled');
    assert.equal(validUntil('2028-02-29', 'P6Y'), '2034-02-27');
    assert.equal(validUntil('2026-03-01', 'P6Y'), '2032-02-29');
  });
});
