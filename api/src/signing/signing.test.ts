import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import express from 'express';
import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import type { Signings } from '../../../contracts/api/index.ts';
import type { CompiledFlow, Release } from '../../../contracts/flow.ts';
import { createArchive } from '../archive/index.ts';
import { createAudit } from '../audit/index.ts';
import { mount, type Who } from '../core/index.ts';
import { addCase, openTestCore, type TestCore } from '../core/testing.ts';
import { createFonts } from '../documents/index.ts';
import type { Signatures } from '../signatures/index.ts';
import { createPdf, createTestSignatures } from '../signatures/testing.ts';
import { createMessages } from '../messages/index.ts';
import type { CaseRow } from '../engine/index.ts';
import { createSigning, type SigningDeps, type SigningRequest } from './index.ts';
import { inkOf } from './ink.ts';

const text = (zh: string) => ({ zh, en: zh });
const flow = {
  flow: { form: 'application', title: text('首次申请'), clocks: [] },
  steps: { signed: { type: 'receive' } },
  graph: { nodes: [], flows: [] },
  forms: {},
  documents: {
    proof: {
      kind: 'document',
      title: text('送达回证'),
      seal: 'none',
      template: 'proof.docx',
      addressee: 'none',
      signatures: [
        { id: 'receiver', title: text('受送达人'), place: '（受送达人签名）' },
        { id: 'witness', title: text('见证人'), place: '（见证人签名）' },
      ],
    },
  },
} as unknown as CompiledFlow;

/** A stroke on paper of a given brightness; without paper it is transparent. */
function written(paper?: number): Buffer {
  const png = new PNG({ width: 120, height: 60 });
  for (let y = 0; y < 60; y++)
    for (let x = 0; x < 120; x++) {
      const ink = Math.abs(y - 30) < 3 && x >= 20 && x < 100;
      const shade = ink ? 20 : (paper ?? 0) - (x % 7);
      png.data.set([shade, shade, shade, ink || paper !== undefined ? 255 : 0], (y * 120 + x) * 4);
    }
  return PNG.sync.write(png);
}

describe('handwriting out of a picture', () => {
  it('makes paper transparent and cuts to what is written, from a pen as from a photograph [PLT-6.3]', () => {
    for (const picture of [written(), written(255), written(180)]) {
      const ink = inkOf(picture);
      assert.deepEqual([ink.width, ink.height], [88, 13]);
      assert.equal(ink.alpha[0], 0);
      assert.ok(ink.alpha[6 * 88 + 40]! > 200);
    }
  });

  it('refuses empty paper, other files and pictures that are too large, saying why [PLT-6.3]', () => {
    const huge = Buffer.from(written());
    huge.writeUInt32BE(100_000, 16);
    const empty = PNG.sync.write(new PNG({ width: 10, height: 10 }));
    for (const picture of [empty, Buffer.from('no picture'), huge, written().subarray(0, 60)])
      assert.throws(() => inkOf(picture), { code: 'invalid' });
  });
});

describe('signing by hand', function () {
  this.timeout(60_000);
  let core: TestCore;
  let signatures: Signatures;
  let url: string;
  let stop: () => void;
  let who: Who;
  let documentId: string;
  let hash: string;
  let release: Release;
  let signing: ReturnType<typeof createSigning>;
  type Command = Parameters<SigningDeps['commands']['add']>[1];
  const commands: Command[] = [];
  let may = true;

  before(async () => {
    core = await openTestCore();
    signatures = await createTestSignatures();
    signing = createSigning(core, {
      messages: createMessages(core),
      commands: { add: async (_, command) => String(commands.push(command)) },
      audit: createAudit(core),
      release: async () => release,
      mayReadCase: async ({ kind }) => kind === 'staff',
      mayServe: async () => may,
      assertOpen: createArchive(core, { release: async () => release, visible: async () => true }).assertOpen,
      sign: (pdf, { place, ...by }) => signatures.seal(pdf, { ...by, location: '', place: { anchor: place } }),
    });
    const app = express();
    const router = express.Router();
    const { routes } = signing;
    app.use(express.json({ limit: '4mb' }));
    mount(router, routes, core, async () => who);
    app.use(router);
    app.use(((error, _req, res, _next) => res.status(error.status ?? 500).json(error)) as express.ErrorRequestHandler);
    const server = app.listen(0);
    stop = () => server.close();
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  after(async () => {
    stop();
    await core.close();
  });

  beforeEach(async () => {
    core.at('2026-11-21T10:00:00+08:00');
    may = true;
    commands.length = 0;
    const made = await addCase(core, { package: flow, receivedAt: '2026-11-20T09:00:00+08:00' });
    release = made.release;
    const row = await core.db('case').where({ id: made.caseId }).first();
    const officer = { personId: row.starter, name: '田沐辰', login: 'tian', grants: [], institutions: [] };
    who = { ...officer, kind: 'staff' };
    const pdf = await createPdf(['送达回证\n（受送达人签名）'], createFonts().serif);
    hash = (await core.files.put(pdf)).hash;
    const [document] = await core
      .db('document')
      .insert({
        case_id: made.caseId,
        step: 'notify',
        kind: 'proof',
        title: '送达回证',
        state: 'made',
        file_hash: hash,
        made_at: core.time.now(),
      })
      .returning('id');
    documentId = document.id;
  });

  async function send<T = Record<string, string>>(method: string, path: string, body?: object) {
    const answer = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', 'user-agent': 'phone' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  }
  const asked = { place: 'receiver', signer: '赵喆' };
  async function archiveCase() {
    const { case_id: caseId } = await core.db('document').where({ id: documentId }).first('case_id');
    const archive = createArchive(core, { release: async () => release, visible: async () => true });
    const row = await core.db('case').where({ id: caseId }).first();
    await core.db.transaction((trx) => archive.close(trx, { case: row, release, number: '1' }));
    return { caseId };
  }
  const ask = async () => {
    const { body } = await send<{ id: string; url: string; qr: string }>(
      'POST',
      `/documents/${documentId}/signings`,
      asked,
    );
    return { ...body, path: new URL(body.url).pathname };
  };
  const signature = (more = {}) => ({
    picture: written().toString('base64'),
    means: 'pen',
    through: 'qr',
    hash,
    ...more,
  });

  it('is asked for with a QR code, signed once on a phone, and stands on the document [PLT-6.3]', async () => {
    const asked = await ask();
    assert.equal(asked.qr, await QRCode.toString(`${asked.url}?qr`, { type: 'svg', margin: 1 }));
    const page = await send('GET', asked.path);
    assert.deepEqual([page.body.title, page.body.signer, page.body.hash], ['送达回证', '赵喆', hash]);
    assert.equal((await fetch(`${url}${asked.path}/file`)).headers.get('content-type'), 'application/pdf');

    const signed = await send('POST', asked.path, signature());
    assert.equal(signed.status, 200);
    const stored = await core.db('document').where({ id: documentId }).first();
    assert.equal(stored.signed_hash, signed.body.hash);
    const pdf = await core.files.get(stored.signed_hash);
    const { verdict, signers } = await signatures.verify(pdf);
    assert.deepEqual([verdict, signers[0]!.name, signers[0]!.reason], ['genuine', '赵喆', '送达回证 受送达人']);
    assert.match(pdf.toString('latin1'), /\/SMask/);
    const desk = await send('GET', `/signings/${asked.id}`);
    assert.deepEqual(
      [desk.body.state, desk.body.means, desk.body.through, desk.body.agent, desk.body.hash],
      ['signed', 'pen', 'qr', 'phone', hash],
    );
    assert.match(desk.body.ip!, /127\.0\.0\.1/);
    assert.equal((await send('POST', asked.path, signature())).status, 410);
    assert.equal((await send('GET', asked.path)).status, 410);
  });

  it('is bound to the document as it was shown, and to its time [PLT-6.3]', async () => {
    const [first, second, late] = [await ask(), await ask(), await ask()];
    const other = createHash('sha256').update('other').digest('hex');
    assert.equal((await send('POST', first.path, signature({ hash: other }))).status, 409);
    assert.equal((await send('POST', first.path, signature({ picture: 'AAAA' }))).status, 400);
    assert.equal((await send('POST', first.path, signature())).status, 200);
    assert.equal((await send('POST', second.path, signature())).status, 409);
    assert.equal((await send('POST', `/documents/${documentId}/signings`, asked)).body.code, 'no-place');
    core.at('2026-11-21T11:00:00+08:00');
    assert.equal((await send('POST', late.path, signature())).status, 410);
    assert.equal((await send('GET', `/sign/${'x'.repeat(32)}`)).status, 410);
  });

  it('signs once when the link is used twice at the same time [PLT-6.3 PLT-12.1]', async () => {
    const { path } = await ask();
    const answers = await Promise.all([1, 2].map(() => send('POST', path, signature())));
    assert.deepEqual(answers.map(({ status }) => status === 200).sort(), [false, true]);
    const lines = await core.db('audit').where({ action: 'document.signed' }).whereRaw(`detail->>'hash' = ?`, [hash]);
    assert.equal(lines.length, 1);
  });

  it('offers the places that the document really has [PLT-6.3]', async () => {
    const { body } = await send<Signings>('GET', `/documents/${documentId}/signings`);
    assert.deepEqual(
      body.places.map(({ id }) => id),
      ['receiver'],
    );
    const witness = { place: 'witness', signer: '何晓' };
    assert.equal((await send('POST', `/documents/${documentId}/signings`, witness)).body.code, 'no-place');
  });

  describe('that a flow asks for', () => {
    let phone = '';
    beforeEach(() => (phone = `139${documentId.slice(0, 8)}`));
    async function request(signers: SigningRequest['signers'] = [{ name: '何晓', recipient: { phone } }]) {
      const document = await core.db('document').where({ id: documentId }).first();
      const row = await core.db('case').where({ id: document.case_id }).first();
      await core.db.transaction((trx) =>
        signing.request(trx, {
          ...{ case: row, release, step: 'ask', visit: 1, thread: '', sender: `${row.id}/ask`, document },
          ...{ place: 'receiver', signers, answerStep: 'signed' },
        }),
      );
      return row;
    }
    /** Path of the link in the last text message. */
    async function sent(): Promise<string> {
      const last = await core.db('outgoing').where({ recipient: phone }).orderBy('made_at', 'desc').first('body');
      return /\/sign\/\S+/.exec(last.body)![0];
    }
    async function wait(caseId: string) {
      const visit = { act_inst: `${caseId}/signed`, step: 'signed', type: 'receiveTask', thread: '', visit: 1 };
      await core.db('step_visit').insert({ ...visit, case_id: caseId, entered_at: core.time.now() });
    }
    const read = (row: CaseRow) =>
      core.db.transaction((trx) =>
        signing.reader(trx, {
          ...{ case: row, release },
          changes: [{ kind: 'entered', step: 'signed', visit: 1, at: core.time.now() }],
        }),
      );

    it('reaches somebody without an account by text message; the step that waits goes on [PLT-6.3]', async () => {
      const row = await request();
      await wait(row.id);
      await read(row);
      assert.deepEqual(commands, [], 'not signed yet');
      assert.equal((await send('POST', await sent(), signature())).status, 200);
      assert.deepEqual(
        commands.map(({ kind, payload }) => [kind, payload]),
        [['receive', { step: 'signed', visit: `${row.id}/signed`, variables: {} }]],
      );
    });

    it('lets a step go on that begins to wait after the signature, and asks nobody twice [PLT-6.3]', async () => {
      const row = await request();
      await send('POST', await sent(), signature());
      assert.deepEqual(commands, [], 'nobody waits yet');
      await request();
      await wait(row.id);
      await read(row);
      assert.equal(commands.length, 1);
      const { body } = await send<Signings>('GET', `/documents/${documentId}/signings`);
      assert.equal(body.signings.length, 1);
    });

    it('sends a link anew that has expired; the step that comes again ends the links before [PLT-6.3]', async () => {
      await request();
      const first = await sent();
      core.at('2026-11-24T11:00:00+08:00');
      assert.equal((await send('POST', first, signature())).status, 410);
      const { body } = await send<Signings>('GET', `/documents/${documentId}/signings`);
      assert.deepEqual([body.signings[0]!.state, body.signings[0]!.renewable], ['expired', true]);
      may = false;
      assert.equal((await send('POST', `/signings/${body.signings[0]!.id}/renew`)).status, 404);
      may = true;
      const renewed = await send('POST', `/signings/${body.signings[0]!.id}/renew`);
      assert.deepEqual([renewed.status, renewed.body.state], [200, 'open']);
      const second = await sent();
      core.at('2026-11-24T11:01:00+08:00');
      await request();
      assert.equal((await send('GET', second)).status, 410);
      assert.equal((await send('POST', await sent(), signature())).status, 200);
    });

    it('comes to people with an account as a message inside, each under the own name [PLT-6.3 PLT-9.1]', async () => {
      const row = await request([{ name: '赵喆', recipient: { personId: who.personId } }]);
      const message = await core.db('message').where({ case_id: row.id, person_id: who.personId }).first();
      assert.equal(message.body, '请在《送达回证》的「受送达人」处签名，72 小时内有效');
      assert.equal((await send('GET', message.link)).body.signer, '赵喆');
    });
  });

  it('is refused once the document was archived, with a link that was given before too [EXP-2.9]', async () => {
    const { path } = await ask();
    const { caseId } = await archiveCase();
    assert.equal((await send('POST', path, signature())).body.code, 'archived');
    assert.equal((await send('POST', `/documents/${documentId}/signings`, asked)).body.code, 'archived');
    assert.equal((await core.db('document').where({ case_id: caseId }).first()).signed_hash, null);
  });

  it('can be taken back, and only whoever works on the case asks for it [PLT-6.3 PLT-7.3]', async () => {
    const { id, path } = await ask();
    assert.equal((await send('DELETE', `/signings/${id}`)).body.state, 'cancelled');
    assert.equal((await send('POST', path, signature())).status, 410);
    assert.equal((await send('POST', `/documents/${documentId}/signings`, { place: 'x', signer: '赵' })).status, 422);
    may = false;
    assert.equal(
      (await send('POST', `/documents/${documentId}/signings`, { place: 'receiver', signer: '赵' })).status,
      404,
    );
    who = { ...who, kind: 'applicant' };
    assert.equal((await send('GET', `/documents/${documentId}/signings`)).status, 404);
  });
});
