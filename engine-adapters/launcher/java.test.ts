import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { majorVersion } from './java.ts';
import { writeTrustStore } from './trust-store.ts';

describe('Java', () => {
  it('knows its version in every way it is printed', () => {
    assert.equal(majorVersion('openjdk version "17.0.15" 2025-04-15'), 17);
    assert.equal(majorVersion('openjdk version "21" 2023-09-19'), 21);
    assert.equal(majorVersion('java version "1.8.0_402"'), 8);
    assert.equal(majorVersion('The operation couldn’t be completed. Unable to locate a Java Runtime.'), 0);
  });

  it('gets the trusted authorities in its own format', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trust-'));
    try {
      writeTrustStore(join(folder, 'store.jks'));
      const store = readFileSync(join(folder, 'store.jks'));
      assert.equal(store.readUInt32BE(0), 0xfeedfeed);
      assert.ok(store.readUInt32BE(8) > 50);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
