import assert from 'node:assert/strict';
import { keepingResults } from './kept.ts';

describe('kept PDFs', () => {
  it('converts the same file once, forgets failures, and the oldest above its limit', async () => {
    const asked: string[] = [];
    const words = {
      async convert(docx: Buffer) {
        asked.push(docx.toString());
        if (docx.toString() === 'broken') throw new Error('no Word file');
        return Buffer.alloc(40);
      },
      stop: async () => undefined,
    };
    const { convert } = keepingResults(words, 100);
    const all = (...texts: string[]) => Promise.all(texts.map((text) => convert(Buffer.from(text))));
    await all('a', 'a', 'b');
    assert.deepEqual(asked, ['a', 'b']);
    await all('a');
    await all('c');
    await all('a', 'b');
    assert.deepEqual(asked, ['a', 'b', 'c', 'b'], 'b was used longest ago');
    await assert.rejects(all('broken'));
    await assert.rejects(all('broken'));
    assert.deepEqual(asked.slice(4), ['broken', 'broken']);
  });
});
