import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Problem } from '../core/index.ts';
import { openTestCore, type TestCore } from '../core/testing.ts';
import { certificateFor, certificatesFor } from './certificate.ts';

describe('certificate of an application', () => {
  const subject = randomUUID();
  const flow = { certificate: { register: 'certificate', of: 'subject', states: ['valid'] } } as const;
  const asked = { certificate: { ...flow.certificate, states: [...flow.certificate.states] } };
  let core: TestCore;
  before(async () => {
    core = await openTestCore();
    core.at('2026-11-21T02:00:00Z');
  });
  after(() => core.close());

  async function add(number: string, { state = 'valid', version = 1, validTo = '2032-11-20' } = {}): Promise<string> {
    const [{ id }] = await core
      .db('certificate')
      .insert({
        ...{ number, version, state, token: `${number}-${version}` },
        kind: 'cma',
        institution_id: subject,
        holder_name: '贵州示例检测有限公司',
        holder_uscc: '91520115MA0004171A',
        valid_from: '2026-11-20',
        valid_to: validTo,
        data: {},
        digest: '',
      })
      .returning('id');
    return id;
  }
  const refusedWith = (code: string, text: RegExp) => (error: Problem) =>
    error.code === code && text.test(JSON.stringify([error.zh, error.fields]));

  it('is none where the flow asks for none [PLT-6.5]', async () => {
    assert.equal(await certificateFor(core, {}, { subject }), null);
  });

  it('is refused where the subject has none in a state that fits [CMA-3.3]', async () => {
    await add('262400000001', { state: 'superseded' });
    await add('262400000002', { validTo: '2026-11-20' });
    await assert.rejects(certificateFor(core, asked, { subject }), refusedWith('no-certificate', /没有/));
  });

  it('is the only one that fits, else the named one [CMA-3.3 CMA-3.17]', async () => {
    const first = await add('262400000003');
    assert.equal((await certificateFor(core, asked, { subject }))?.id, first);
    const second = await add('262400000004');
    const choice = await certificatesFor(core, asked, [subject, randomUUID()]);
    assert.deepEqual(
      choice?.map(({ id }) => id),
      [first, second],
    );
    await assert.rejects(
      certificateFor(core, asked, { subject }),
      refusedWith('invalid', /选择证书：262400000003、262400000004/),
    );
    assert.equal((await certificateFor(core, asked, { subject, wanted: second }))?.id, second);
    await assert.rejects(
      certificateFor(core, asked, { subject, wanted: randomUUID() }),
      refusedWith('invalid', /选择证书/),
    );
  });
});
