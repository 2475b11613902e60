import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { PublicProgress } from '../../../contracts/api/index.ts';
import type { Release } from '../../../contracts/flow.ts';
import type { Outside } from '../core/index.ts';
import { openTestOrganisation, type TestOrganisation } from '../organisation/testing.ts';
import { createPublic } from './index.ts';
import { masked } from './lookup.service.ts';

const MOBILE = '13800005016';
const STRANGER = '13800009999';

describe('looking up cases without an account', function () {
  this.timeout(10_000);
  let world: TestOrganisation;
  let close: () => Promise<void>;
  let gatewayDown = false;
  const sent: Parameters<Outside['send']>[0][] = [];

  before(async () => {
    world = await openTestOrganisation(({ core }) => {
      const outside: Outside = {
        ...core.outside,
        send: async (message) => {
          if (gatewayDown) throw new Error('down');
          sent.push(message);
        },
      };
      const release = async () =>
        ({
          package: {
            flow: { title: { zh: '资质认定首次申请', en: 'First application' } },
            results: {},
            english: { 技术评审: 'Technical review' },
          },
        }) as unknown as Release;
      const made = createPublic(
        { ...core, outside },
        { databaseUrl: core.database.runUrl, authorityPem: () => Promise.resolve(''), release },
      );
      close = made.close;
      return made.routes;
    });
    world.core.at('2026-11-21T02:00:00Z');
    const starter = await world.person('starter', { office: null });
    const made = { definition_id: '', deployment_id: '', hash: '', package: {}, released_at: new Date() };
    const [release] = await world.core
      .db('release')
      .insert({ flow: 'cma-initial', version: 1, ...made })
      .returning('id');
    await world.core.db('case').insert({
      id: randomUUID(),
      number: 'CMA-2026-00001',
      flow: 'cma-initial',
      release_id: release.id,
      title: '首次申请',
      subject_register: 'institution',
      subject_name: '贵州黔岭示例检测技术有限公司',
      office: '52',
      starter,
      state: 'running',
      stage: '技术评审',
      contact_mobile: MOBILE,
      received_at: '2026-11-20T02:00:00Z',
    });
  });
  after(async () => {
    await close();
    await world.close();
  });

  const ask = (mobile: string) => world.site.browser().send('POST', '/public/progress/code', { mobile });
  const look = (mobile: string, code: string) =>
    world.site.browser().send('POST', '/public/progress', { mobile, code });
  const codeIn = (text: string | undefined) => /验证码 (\d{6})/.exec(text ?? '')![1]!;

  it('shows the contact the progress of each case once the code is right, names masked [PLT-2.8]', async () => {
    assert.equal((await ask(MOBILE)).status, 200);
    assert.deepEqual([sent.at(-1)?.channel, sent.at(-1)?.to], ['sms', MOBILE]);
    const code = codeIn(sent.at(-1)?.text);
    const { cases } = (await look(MOBILE, code)).body as unknown as PublicProgress;
    assert.deepEqual(cases, [
      {
        number: 'CMA-2026-00001',
        title: { zh: '资质认定首次申请', en: 'First application' },
        subject: '贵州****有限公司',
        state: 'open',
        stage: { zh: '技术评审', en: 'Technical review' },
        result: null,
        receivedOn: '2026-11-20',
        closedOn: null,
      },
    ]);
    const again = await look(MOBILE, code);
    assert.deepEqual([again.status, (again.body as { code?: string }).code], [403, 'wrong-code']);
  });

  it('sends one code a minute, and none to a phone that no case has, without saying so', async () => {
    const soon = await ask(MOBILE);
    assert.deepEqual([soon.status, (soon.body as { code?: string }).code], [429, 'code-too-soon']);
    const before = sent.length;
    assert.equal((await ask(STRANGER)).status, 200);
    assert.equal(sent.length, before);
    assert.equal((await look(STRANGER, '000000')).status, 403);
  });

  it('ends a code after five wrong tries and after five minutes [PLT-2.8]', async () => {
    world.core.at('2026-11-21T02:02:00Z');
    await ask(MOBILE);
    const first = codeIn(sent.at(-1)?.text);
    const wrong = first === '111111' ? '222222' : '111111';
    for (let i = 0; i < 5; i += 1) assert.equal((await look(MOBILE, wrong)).status, 403);
    assert.equal((await look(MOBILE, first)).status, 403);
    world.core.at('2026-11-21T02:04:00Z');
    await ask(MOBILE);
    const second = codeIn(sent.at(-1)?.text);
    world.core.at('2026-11-21T02:09:30Z');
    assert.equal((await look(MOBILE, second)).status, 403);
  });

  it('says when the gateway did not take the message', async () => {
    gatewayDown = true;
    const { status, body } = await ask(MOBILE);
    assert.deepEqual([status, (body as { code?: string }).code], [503, 'sms-not-sent']);
    gatewayDown = false;
  });

  it('masks names of organisations and of people', () => {
    assert.deepEqual(['吴采薇', '晴溪电器厂', '贵州黔岭示例检测技术有限公司'].map(masked), [
      '吴**',
      '晴溪****厂',
      '贵州****有限公司',
    ]);
  });
});
