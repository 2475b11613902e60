import assert from 'node:assert/strict';
import type { CompiledFlow } from '../../../../contracts/flow.ts';
import { addCase, openTestCore, type TestCore } from '../../core/testing.ts';
import { Problem } from '../../core/index.ts';
import { docx } from '../../flows/testing.ts';
import type { TemplateData } from '../data.ts';
import { loadPictures } from './load.ts';
import { pictureJpeg, picturePng } from './testing.ts';

const flow = {
  flow: { form: 'application' },
  forms: {
    application: {
      components: [
        { type: 'table', key: 'sites', label: '场所', columns: [{ type: 'photo', key: 'gate', label: '大门' }] },
      ],
    },
  },
} as unknown as CompiledFlow;

describe('the pictures that a template prints', function () {
  this.timeout(60_000);
  let core: TestCore;
  let owner: string;
  before(async () => {
    core = await openTestCore();
    owner = (await addCase(core, { package: flow, receivedAt: '2026-11-02T09:00:00+08:00' })).caseId;
  });
  after(() => core.close());

  const keep = async (name: string, bytes: Buffer, size = bytes.length): Promise<string> => {
    const { hash } = await core.files.put(bytes);
    const { starter } = await core.db('case').where({ id: owner }).first('starter');
    const row = { owner, form: 'application', item: 'field:sites.gate', name, file_hash: hash, size, version: 1 };
    const kept = await core
      .db('material')
      .insert({ ...row, type: 'image/png', uploaded_at: core.time.now(), uploaded_by: starter })
      .returning('id');
    return kept[0].id;
  };
  const load = (text: string, gates: string[]) => {
    const rows = gates.map((ids) => ({ gate: '', '%gate': ids, '%other': 'never read' }));
    const data = { tables: { sites: rows }, values: {} } as unknown as TemplateData;
    return loadPictures(core, { template: Buffer.from(docx(text)), data, flow });
  };

  it('are read once each, and only where it prints them [PLT-6.1]', async () => {
    const [png, jpeg] = [await keep('a.png', picturePng(30, 20)), await keep('b.jpg', pictureJpeg(40, 30, 6))];
    const gates = [`${png},${jpeg}`, png, ''];
    const loaded = await load('{#tables.sites}{%gate | box:30}{/}', gates);
    assert.deepEqual(
      [...loaded].map(([id, { width, turn }]) => [id, width, turn]),
      [
        [png, 30, 0],
        [jpeg, 40, 90],
      ],
    );
    assert.equal((await load('{#tables.sites}{gate}{/}', gates)).size, 0);
  });

  it('stop the document with field, tag and file where one cannot be printed [PLT-6.1 PLT-12.6]', async () => {
    const fine = await keep('a.png', picturePng(30, 20));
    const wrong: [string, RegExp][] = [
      [await keep('说明.pdf', Buffer.from('%PDF-1.7 text')), /「场所第 2 行大门」的「说明.pdf」不是 PNG .*\{%gate\}/],
      [await keep('大.jpg', pictureJpeg(8, 8), 11 * 2 ** 20), /「大.jpg」超过 10 MB/],
      [await keep('宽.png', wide()), /「宽.png」超过 6000 万点/],
      ['00000000-0000-4000-8000-000000000000', /已经不在了/],
    ];
    for (const [id, said] of wrong)
      await assert.rejects(
        load('{#tables.sites}{%gate}{/}', [fine, id]),
        (error) => error instanceof Problem && error.code === 'document-picture' && said.test(error.zh),
        String(said),
      );
  });
});

/** A head that claims 20,000 points each way. */
function wide(): Buffer {
  const bytes = Buffer.from(picturePng(2, 2));
  bytes.writeUInt32BE(20_000, 16);
  bytes.writeUInt32BE(20_000, 20);
  return bytes;
}
