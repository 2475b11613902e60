import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import type { SigningPage, SigningView, Signings } from '../../../contracts/api/index.ts';
import { work } from '../flows/testing.ts';
import { end, openFlowWorld, outcome, path, start, user, type FlowWorld } from '../tasks/testing.ts';

const BY = '南明区受理岗';
const DAY_MS = 24 * 3_600_000;
const go = [outcome('go', { kind: 'primary' })];
const ASK = { document: 'record', place: 'receiver', by: 'report.receiver', phone: 'report.phone', answer: 'signed' };

/** A record is made and somebody without an account asked to sign it, while an officer may send the case back. */
const FLOW = {
  flow: { form: 'report', start: { roles: ['cma.acceptance'] } },
  forms: {
    report: [
      { type: 'textfield', key: 'receiver', label: '受送达人' },
      { type: 'phone', key: 'phone', label: '手机' },
    ],
  },
  documents: {
    record: {
      kind: 'document',
      title: { zh: '送达回证', en: 'Proof of service' },
      seal: 'none',
      template: 'starters/result.docx',
      addressee: 'none',
      signatures: [{ id: 'receiver', title: { zh: '受送达人', en: 'Addressee' }, place: '（印章）' }],
    },
  },
  model: [
    start,
    user('first', 'cma.acceptance', go),
    '<bpmn:parallelGateway id="fork" name="fork" />',
    work('make', 'generate-document', { document: 'record' }),
    work('ask', 'sign-document', ASK),
    '<bpmn:receiveTask id="signed" name="等待签名" />',
    user('watch', 'cma.acceptance', go, { actions: 'return', returnTo: 'first' }),
    '<bpmn:parallelGateway id="join" name="join" />',
    user('last', 'cma.acceptance', go),
    end('done'),
    path('start first fork make ask signed join last done'),
    path('fork watch join'),
  ].join(''),
};

/** A stroke of a pen on a screen. */
function stroke(): string {
  const png = new PNG({ width: 120, height: 60 });
  for (let y = 28; y < 33; y++) for (let x = 20; x < 100; x++) png.data.set([20, 20, 20, 255], (y * 120 + x) * 4);
  return PNG.sync.write(png).toString('base64');
}

describe('a flow that waits for a signature', function () {
  this.timeout(180_000);
  let world: FlowWorld;
  before(async () => (world = await openFlowWorld('signing-test', FLOW)));
  after(() => world.close());

  const begin = async (): Promise<string> => {
    const caseId = await world.start(BY, { receiver: '周敏', phone: '13800000000' });
    await world.decide(BY, caseId, 'first', { outcome: 'go' });
    return caseId;
  };
  const steps = async (caseId: string) => (await world.view(BY, caseId)).tasks.map(({ step }) => step).sort();
  /** Paths of the links that went out by text message, the first one first. */
  const links = async (): Promise<string[]> => {
    const bodies: string[] = await world.core
      .db('outgoing')
      .where({ recipient: '13800000000' })
      .orderBy('made_at')
      .pluck('body');
    return bodies.flatMap((body) => /\/sign\/[\w-]{32}/.exec(body)?.[0] ?? []);
  };
  const sign = async (link: string) => {
    const anybody = await world.as(null);
    const { hash } = await anybody.get<SigningPage>(link);
    await anybody.send('POST', link, { picture: stroke(), means: 'pen', through: 'link', hash });
    await world.quiet();
  };
  const signingsOf = async (caseId: string): Promise<SigningView[]> => {
    const { documents } = await world.view(BY, caseId);
    return (await (await world.as(BY)).get<Signings>(`/documents/${documents.at(-1)!.id}/signings`)).signings;
  };

  it('goes on when somebody without an account has signed by the link [PLT-6.3]', async () => {
    const caseId = await begin();
    await world.decide(BY, caseId, 'watch', { outcome: 'go' });
    assert.deepEqual(await steps(caseId), []);
    await sign((await links()).at(-1)!);
    assert.deepEqual(await steps(caseId), ['last']);
    const [{ signer, through, state }] = (await signingsOf(caseId)) as [SigningView];
    assert.deepEqual([signer, through, state], ['周敏', 'link', 'signed']);
  });

  it('waits on when the link has expired, and goes on by the one that was sent anew [PLT-6.3]', async () => {
    const caseId = await begin();
    await world.decide(BY, caseId, 'watch', { outcome: 'go' });
    const old = (await links()).at(-1)!;
    world.time.advanceTo(new Date(world.time.now().getTime() + 4 * DAY_MS));
    await assert.rejects(sign(old), { status: 410 });
    const [{ id, state }] = (await signingsOf(caseId)) as [SigningView];
    assert.equal(state, 'expired');
    await (await world.as(BY)).send('POST', `/signings/${id}/renew`, {});
    await world.quiet();
    assert.deepEqual(await steps(caseId), []);
    await sign((await links()).at(-1)!);
    assert.deepEqual(await steps(caseId), ['last']);
  });

  it('is asked anew after a return while it waited; the link of before is void [PLT-1.3 PLT-6.3]', async () => {
    const caseId = await begin();
    const old = (await links()).at(-1)!;
    const { id } = await world.task(BY, caseId, 'watch');
    const returned = { to: 'first', mode: 'replay', reason: '送达人写错' };
    await (await world.as(BY)).send('POST', `/tasks/${id}/return`, returned);
    await world.quiet();
    assert.deepEqual(await steps(caseId), ['first']);
    await world.decide(BY, caseId, 'first', { outcome: 'go' });
    await world.decide(BY, caseId, 'watch', { outcome: 'go' });
    await assert.rejects(sign(old), { status: 410 });
    assert.deepEqual(await steps(caseId), []);
    await sign((await links()).at(-1)!);
    assert.deepEqual(await steps(caseId), ['last']);
  });
});
