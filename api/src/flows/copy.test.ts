import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyPackage, NewFlowError } from './copy.ts';

describe('flow -- new', () => {
  let root: string;
  let folders: { workflows: string; templates: string };
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'copy-'));
    folders = { workflows: join(root, 'workflows'), templates: join(root, 'templates') };
    const starter = join(folders.workflows, 'starters', 'approval');
    await mkdir(join(starter, 'scenarios'), { recursive: true });
    await mkdir(join(folders.templates, 'approval'), { recursive: true });
    await writeFile(join(starter, 'flow.json'), '{ "id": "approval", "form": "approval-form" }');
    await writeFile(join(starter, 'documents.json'), '{ "notice": { "template": "approval/notice.docx" } }');
    await writeFile(join(starter, 'scenarios', 'approval.scenario.yaml'), 'title: approval');
    await writeFile(join(folders.templates, 'approval', 'notice.docx'), 'approval');
  });
  after(() => rm(root, { recursive: true }));

  it('copies a starter under its new id, with its templates [PLT-3.8]', async () => {
    const place = await copyPackage(folders, 'site-permit', 'approval');
    assert.equal(place.folder, join(folders.workflows, 'site-permit'));
    const read = (file: string) => readFile(join(place.folder, file), 'utf8');
    assert.equal(await read('flow.json'), '{ "id": "site-permit", "form": "approval-form" }');
    assert.equal(await read('documents.json'), '{ "notice": { "template": "site-permit/notice.docx" } }');
    assert.equal(await read('scenarios/site-permit.scenario.yaml'), 'title: site-permit');
    assert.equal(await readFile(join(folders.templates, 'site-permit', 'notice.docx'), 'utf8'), 'approval');
    assert.deepEqual(await readdir(join(folders.workflows, 'starters')), ['approval']);
  });

  for (const [what, id, from, says] of [
    ['an id that is no name', 'Site_Permit', 'approval', /不能作编号/],
    ['an id that is taken', 'site-permit', 'approval', /已经用了/],
    ['a starter that is not there', 'other', 'nothing', /没有起点 nothing，现有：.*approval/],
  ] as const)
    it(`refuses ${what}`, async () => {
      await assert.rejects(copyPackage(folders, id, from), (error: NewFlowError) => says.test(error.zh));
    });
});
