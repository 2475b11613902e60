import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Where the words of pages are written: the pages themselves, the server's offers, models with their steps and outcomes. */
const SHOWN = ['web/src', 'api/src', 'contracts', 'workflows'];
const WRITTEN = /(?<!\.test)\.(ts|vue|json|bpmn)$/;

async function wordsOnPages(): Promise<string> {
  const files = await Promise.all(
    SHOWN.map(async (folder) =>
      (await readdir(`${root}${folder}`, { recursive: true }))
        .filter((name) => WRITTEN.test(name))
        .map((name) => `${root}${folder}/${name}`),
    ),
  );
  return (await Promise.all(files.flat().map((file) => readFile(file, 'utf8')))).join('\n');
}

/** 「还差…项」 is said by 「还差 {n} 项才能提交」. */
const asPattern = (quoted: string): RegExp =>
  new RegExp(
    quoted
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join("[^'\\n]{0,12}"),
  );

describe('the guides for applicants and approvers', () => {
  it('quote only words that the product shows [PLT-13.7]', async () => {
    const words = await wordsOnPages();
    for (const name of ['applicant', 'approver']) {
      const text = await readFile(`${root}docs/guides/${name}.md`, 'utf8');
      const quoted = [...text.matchAll(/「([^」]+)」/g)].map(([, what]) => what!);
      assert.ok(quoted.length > 10, name);
      assert.deepEqual(
        quoted.filter((what) => !asPattern(what).test(words)),
        [],
        name,
      );
    }
  });
});
