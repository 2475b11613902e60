import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from './browser.ts';

describe('the browser for tests', function () {
  this.timeout(60_000);

  it('starts and draws Chinese characters, not boxes', async () => {
    const dataDir = fileURLToPath(new URL('../../.data', import.meta.url));
    const browser = await chromium.launch(await findChromium({ dataDir, report: () => {} }));
    try {
      const page = await browser.newPage({ viewport: { width: 60, height: 60 } });
      const drawn = new Set<string>();
      for (const family of ['sans-serif', 'serif'])
        for (const character of ['准', '予']) {
          await page.setContent(`<p style="font: 32px ${family}; margin: 0">${character}</p>`);
          drawn.add((await page.screenshot()).toString('base64'));
        }
      assert.equal(drawn.size, 4);
    } finally {
      await browser.close();
    }
  });

  it('is found by two that ask at the same time where nobody asked before', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'browser-'));
    try {
      const [one, other] = await Promise.all([1, 2].map(() => findChromium({ dataDir, report: () => {} })));
      assert.deepEqual(one, other);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
