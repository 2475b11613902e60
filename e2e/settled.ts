/** When a page has everything that it asked for: counted in the page, because a live stream never ends. */
import type { BrowserContext, Page } from 'playwright-core';

declare global {
  interface Window {
    /** Requests without an answer, and since when there are none (ms of `performance.now()`). */
    pending: { count: number; since: number };
  }
}

/** A page that shows no change for this long, in milliseconds, has been drawn. */
const STILL = 120;

/** To be called before the first page of a context is opened. */
export async function countRequests(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.pending = { count: 0, since: 0 };
    const asked = window.fetch.bind(window);
    window.fetch = async (...request) => {
      window.pending.count += 1;
      try {
        return await asked(...request);
      } finally {
        window.pending.count -= 1;
        window.pending.since = performance.now();
      }
    };
  });
}

/** Waits until the page shows what it has. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
}

/** Waits until the page has a heading and nothing is being loaded. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  // What follows the size of the window does so with the next frame, and may ask for more.
  await drawn(page);
  await page.waitForFunction(
    (still) =>
      window.pending.count === 0 &&
      performance.now() - window.pending.since > still &&
      !document.querySelector('[aria-busy="true"]'),
    STILL,
  );
}
