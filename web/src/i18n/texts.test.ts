import assert from 'node:assert/strict';
import { readdirSync, existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const source = new URL('../', import.meta.url);

/** `a.b` for every text, with the places that it fills in. */
function keysOf(texts: object, at = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [`${at}${key} ${[...value.matchAll(/\{\w+\}/g)].map(String).sort().join('')}`]
      : keysOf(value as object, `${at}${key}.`),
  );
}

describe('texts of the interface', () => {
  for (const area of readdirSync(source, { withFileTypes: true })) {
    const file = new URL(`${area.name}/texts.ts`, source);
    if (!area.isDirectory() || !existsSync(file)) continue;
    it(`${area.name}: every Chinese text has an English one with the same places`, async () => {
      const { default: texts } = await import(pathToFileURL(file.pathname).href);
      assert.deepEqual(keysOf(texts.en).sort(), keysOf(texts.zh).sort());
    });
  }
});
