import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MANUALS } from '../../../contracts/api/index.ts';
import { Problem } from '../core/index.ts';
import { createManuals } from './index.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const manuals = createManuals({ docs: `${root}docs`, pictures: '/pictures' });

describe('manuals', () => {
  it('have a title, sections to read, and names that are used once [PLT-13.7]', async () => {
    for (const id of MANUALS) {
      const { title, sections } = await manuals.read(id);
      assert.notEqual(title, '', id);
      assert.ok(sections.length > 2, id);
      assert.equal(new Set(sections.map((one) => one.id)).size, sections.length, id);
      for (const one of sections) assert.ok(one.title && one.html, `${id}#${one.id}`);
    }
  });

  it('speak of every page that refers to them [PLT-13.7]', async () => {
    const areas = await readdir(`${root}web/src`, { withFileTypes: true });
    const texts = await Promise.all(
      areas
        .filter((area) => area.isDirectory())
        .map((area) => readFile(`${root}web/src/${area.name}/routes.ts`, 'utf8').catch(() => '')),
    );
    const known = new Map(
      await Promise.all(
        MANUALS.map(async (id) => [id, (await manuals.read(id)).sections.map((one) => one.id)] as const),
      ),
    );
    const missing = [...texts.join('\n').matchAll(/manual: '([^']+)'/g)]
      .map(([, named]) => named!)
      .filter((named) => {
        const [section, manual] = named.split('#').reverse() as [string, (typeof MANUALS)[number] | undefined];
        const places = manual ? known.get(manual)! : [...known.get('applicant')!, ...known.get('approver')!];
        return !places.includes(section);
      });
    assert.deepEqual(missing, []);
  });

  it('are downloaded as one file that needs nothing else [PLT-13.7]', async () => {
    for (const id of MANUALS) {
      const { name, bytes } = await manuals.file(id);
      assert.match(name, /\.html$/);
      assert.doesNotMatch(bytes.toString(), /src="(?!data:)/);
    }
  });

  it('give their own pictures and no other file', async () => {
    await assert.rejects(manuals.picture('../../package.json'), Problem);
    await assert.rejects(manuals.picture('nothing.png'), Problem);
  });
});
